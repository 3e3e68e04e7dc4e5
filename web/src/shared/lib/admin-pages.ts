// The pages of the administration, and the right that opens each: for the rail, the palette and the gate before the pages.
import type { Me } from '../../api/types';

export const adminPages = [
  { page: 'users', right: 'user.write', group: 'people' },
  { page: 'teams', right: 'team.write', group: 'people' },
  { page: 'departments', right: 'department.write', group: 'people' },
  { page: 'sites', right: 'site.write', group: 'people' },
  { page: 'services', right: 'service.write', group: 'desk' },
  { page: 'skills', right: 'skill.write', group: 'people' },
  { page: 'templates', right: 'template.write', group: 'desk' },
  { page: 'macros', right: 'macro.write', group: 'desk' },
  { page: 'checklists', right: 'checklist.write', group: 'desk' },
  { page: 'categories', right: 'category.write', group: 'desk' },
  { page: 'roles', right: 'role.write', group: 'people' },
  { page: 'announcements', right: 'announcement.write', group: 'desk' },
  { page: 'import', right: 'import', group: 'people' },
  { page: 'dispatch', right: 'dispatch.read', group: 'desk' },
  { page: 'jobs', right: 'job.read', group: 'system' },
  { page: 'outbox', right: 'outbox.read', group: 'system' },
  { page: 'packs', right: 'pack.write', group: 'desk' },
  { page: 'settings', right: 'setting.write', group: 'system' },
  { page: 'access', right: 'access.read', group: 'system' },
  { page: 'audit', right: 'audit.read', group: 'system' },
  { page: 'health', right: 'health.read', group: 'system' },
] as const;
export type AdminPage = (typeof adminPages)[number]['page'];
/** The rail shows them in these, each folded until it is wanted. */
export const adminGroups = ['people', 'desk', 'system'] as const;
export type AdminGroup = (typeof adminGroups)[number];

const imports = ['users', 'departments', 'teams', 'sites', 'services', 'skills', 'categories'];

/** Whether somebody may import things of a kind: who may write them one by one. */
export const mayImport = (me: Pick<Me, 'actions'>, kind: string) =>
  imports.includes(kind) && may(me, `${kind === 'categories' ? 'category' : kind.slice(0, -1)}.write`);

export function may(me: Pick<Me, 'actions'>, right: string): boolean {
  if (right === 'import') return imports.some((kind) => mayImport(me, kind));
  return me.actions.some((it) => it === '*' || it === right);
}

/** Pages that do not exist are nobody's secret: their own page says so. */
export function mayAdmin(me: Pick<Me, 'actions'>, page: string): boolean {
  const known = adminPages.find((it) => it.page === page);
  return known ? may(me, known.right) : true;
}

export const adminPagesOf = (me: Pick<Me, 'actions'>) => adminPages.filter((it) => may(me, it.right));
