// What was changed, in the words of the pages where it is changed.
import type { TFunction } from 'i18next';
import type { AuditItem, Me } from '../../api/types';
import type { JsonSchema } from '../../shared/form/schema';
import { mayAdmin } from '../../shared/lib/admin-pages';
import { exactTime } from '../../shared/lib/time';
import { schemaOf as announcementSchema } from './announcement-form';
import { isEntryKind, schemaOf } from './entry-kinds';
import { userSchema } from './user-schema';

/** The page of a kind of entry. */
export const pageOf = (kind: string) => (kind === 'category' ? 'categories' : `${kind}s`);

function schemaFor(kind: string, t: TFunction<'admin'>): JsonSchema | undefined {
  if (kind === 'user') return userSchema(t, true);
  if (kind === 'announcement') return announcementSchema(t);
  const page = pageOf(kind);
  return isEntryKind(page) ? schemaOf(page, t, { grants: [], packs: [] }, true) : undefined;
}

/** A part that was changed, as people read it. */
export interface Told {
  label: string;
  old: string;
  new: string;
}

type Edit = AuditItem['changes'][number];

function optionOf(text: string, schema: JsonSchema | undefined, t: TFunction<'admin'>): string {
  const at = schema?.enum?.findIndex((it) => String(it) === text) ?? -1;
  const option = at >= 0 ? (schema?.['x-labels'] as string[] | undefined)?.[at] : undefined;
  if (option) return option;
  if (text === 'true') return t('common:yes');
  return text === 'false' ? t('common:no') : text;
}

/** A moment as the journal writes it. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]+Z$/;
/** What is built rather than typed, such as conditions: for those who look closely, and out of the way of all others. */
export const isBuilt = (text: string) => /^[[{]/.test(text);

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    return value && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    // A long value is told by its beginning.
    return undefined;
  }
}

/** The parts of a setting that are different now; the whole where it has none. */
function settingParts(key: string, change: Edit, t: TFunction<'admin'>): Told[] {
  const name = t(`settings:f_${key}`, { defaultValue: key });
  const [before, after] = [parsed(change.old), parsed(change.new)];
  if (!before || !after) return [{ label: name, old: change.old, new: change.new }];
  const said = (part: string, value: unknown): string => {
    if (value === undefined || value === null) return '';
    if (Array.isArray(value) && value.every((it) => typeof it === 'string'))
      return value.map((it) => said(part, it)).join(t('common:comma'));
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (key === 'setup' && part !== 'state') return t(`setup:step_${text}`, { defaultValue: text });
    return t(`settings:v_${key}_${part}_${text}`, { defaultValue: optionOf(text, undefined, t) });
  };
  const parts = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return parts
    .filter((part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]))
    .map((part) => ({
      label: t(`settings:f_${key}_${part}`, { defaultValue: part }),
      old: said(part, before[part]),
      new: said(part, after[part]),
    }));
}

/** What an entry of the journal changed, with the names of fields and options. */
export function changesOf(item: AuditItem, t: TFunction<'admin'>, language: string): Told[] {
  const inWords = (text: string, schema: JsonSchema | undefined) =>
    instant.test(text) ? exactTime(text, language, 'short') : optionOf(text, schema, t);
  const properties = schemaFor(item.kind, t)?.properties ?? {};
  return item.changes.flatMap((change) => {
    if (item.kind === 'setting' && change.field === 'value') return settingParts(item.subject.key, change, t);
    const schema = properties[change.field];
    const label = schema?.title ?? t(`audit_field_${change.field}`, { defaultValue: change.field });
    return [{ label, old: inWords(change.old, schema), new: inWords(change.new, schema) }];
  });
}

/** What was changed, by the name that people know it by. */
export const subjectOf = ({ kind, subject }: AuditItem, t: TFunction<'admin'>) =>
  kind === 'setting'
    ? t(`settings:f_${subject.key}`, { defaultValue: subject.key })
    : subject.label || subject.key;

/** Where it can be looked at and changed again, for who may. */
export function linkOf({ kind, subject }: AuditItem, me: Pick<Me, 'actions'>) {
  const page = kind === 'token' ? 'access' : pageOf(kind);
  const known = isEntryKind(page) || ['users', 'settings', 'packs', 'announcements', 'access'].includes(page);
  if (!known || !mayAdmin(me, page)) return undefined;
  const opens = isEntryKind(page) || page === 'users' || page === 'announcements';
  return { to: `/w/admin/${page}`, search: opens ? { open: subject.key } : {} };
}
