// The pages of the administration, and the right that opens each: for the rail, the palette and the gate before the pages.
import type { Me } from '../../api/types';

export const adminPages = [
  { page: 'users', right: 'user.write' },
  { page: 'teams', right: 'team.write' },
  { page: 'departments', right: 'department.write' },
  { page: 'sites', right: 'site.write' },
  { page: 'services', right: 'service.write' },
  { page: 'skills', right: 'skill.write' },
  { page: 'templates', right: 'template.write' },
  { page: 'macros', right: 'macro.write' },
  { page: 'checklists', right: 'checklist.write' },
  { page: 'categories', right: 'category.write' },
  { page: 'roles', right: 'role.write' },
  { page: 'announcements', right: 'announcement.write' },
  { page: 'import', right: 'import' },
  { page: 'dispatch', right: 'dispatch.read' },
  { page: 'jobs', right: 'job.read' },
  { page: 'outbox', right: 'outbox.read' },
  { page: 'packs', right: 'pack.write' },
  { page: 'settings', right: 'setting.write' },
  { page: 'access', right: 'access.read' },
  { page: 'audit', right: 'audit.read' },
  { page: 'health', right: 'health.read' },
] as const;
export type AdminPage = (typeof adminPages)[number]['page'];

const imports = ['users', 'departments', 'teams', 'sites', 'services', 'skills', 'categories'];

/** Whether somebody may import things of a kind: who may write them one by one. */
export const mayImport = (me: Pick<Me, 'actions'>, kind: string) =>
  may(me, `${kind === 'categories' ? 'category' : kind.slice(0, -1)}.write`);

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
