// What was changed, in the words of the pages where it is changed.
import type { TFunction } from 'i18next';
import type { AuditItem, Me } from '../../api/types';
import type { JsonSchema } from '../../shared/form/schema';
import { mayAdmin } from '../../shared/lib/admin-pages';
import { schemaOf as announcementSchema } from './announcement-form';
import { builtWords, momentWords, type Names, parsed, plainWords } from './built-words';
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

/** What is built rather than typed and has no words: for those who look closely, and out of the way of all others. */
export const isBuilt = (text: string) => /^[[{]/.test(text);

/** Longest words of a value; what is longer is told by its beginning. */
const longest = 600;
const short = (text: string) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);

/** The parts of a setting that are different now; the whole where it has none. */
function settingParts(key: string, change: Edit, names: Names): Told[] {
  const { t } = names;
  const name = t(`settings:f_${key}`, { defaultValue: key });
  const value = (text: string) => (text === '' ? {} : parsed(text));
  const [before, after] = [value(change.old), value(change.new)];
  const isWhole = (it: unknown) => typeof it !== 'object' || it === null || Array.isArray(it);
  if (isWhole(before) || isWhole(after)) {
    const said = (text: string) =>
      plainWords(parsed(text) ?? (text === 'true' ? true : text === 'false' ? false : text), key, names);
    return [{ label: name, old: short(said(change.old)), new: short(said(change.new)) }];
  }
  const [old, now] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const parts = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return parts
    .filter((part) => JSON.stringify(old[part]) !== JSON.stringify(now[part]))
    .map((part) => ({
      label: t(`settings:f_${key}_${part}`, { defaultValue: part }),
      old: short(plainWords(old[part], `${key}_${part}`, names)),
      new: short(plainWords(now[part], `${key}_${part}`, names)),
    }));
}

/** What an entry of the journal changed, with the names of fields and options, in words and in the reader's zone. */
export function changesOf(
  item: AuditItem,
  t: TFunction<'admin'>,
  language: string,
  pack?: Names['pack'],
  entries?: Names['entries'],
): Told[] {
  const names: Names = { t, pack, language, entries };
  const properties = schemaFor(item.kind, t)?.properties ?? {};
  return item.changes.flatMap((change) => {
    if (item.kind === 'setting' && change.field === 'value')
      return settingParts(item.subject.key, change, names);
    const schema = properties[change.field];
    const label = schema?.title ?? t(`audit_field_${change.field}`, { defaultValue: change.field });
    const said = (text: string) =>
      short(builtWords(change.field, text, names) ?? optionOf(momentWords(text, language), schema, t));
    return [{ label, old: said(change.old), new: said(change.new) }];
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
