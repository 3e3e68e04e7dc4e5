// What can be written of each kind of entry, as a schema that the common editor draws.
import type { TFunction } from 'i18next';
import type { Entry, Grant, Ref } from '../../api/types';
import type { JsonSchema, Values } from '../../shared/form/schema';
import type { EntryKind } from '../../shared/lib/queries';

export const entryKinds: EntryKind[] = [
  'teams',
  'departments',
  'sites',
  'services',
  'skills',
  'templates',
  'macros',
  'checklists',
  'roles',
  'categories',
];
export const isEntryKind = (word: string): word is EntryKind => entryKinds.some((it) => it === word);

/** What an editor offers to choose from. */
export interface Known {
  grants: Grant[];
  packs: Ref[];
}

const text = (title: string, more: JsonSchema = {}): JsonSchema => ({
  type: 'string',
  title,
  maxLength: 300,
  ...more,
});
const ref = (title: string, to: string): JsonSchema => ({ type: 'string', title, 'x-ref': to });
const refs = (title: string, to: string): JsonSchema => ({
  type: 'array',
  title,
  items: { 'x-ref': to },
  'x-wide': true,
});

function own(kind: EntryKind, t: TFunction<'admin'>, known: Known): Record<string, JsonSchema> {
  const description = text(t('description'), { 'x-widget': 'textarea', maxLength: 600 });
  switch (kind) {
    case 'teams':
      return {
        members: refs(t('members'), 'user'),
        duty: { ...ref(t('duty'), 'user'), description: t('duty_help') },
        tier: {
          type: 'integer',
          title: t('tier'),
          enum: [1, 2, 3],
          'x-labels': [t('tier_1'), t('tier_2'), t('tier_3')],
        },
        site: ref(t('site'), 'site'),
        employer: text(t('employer'), { description: t('employer_help') }),
        dispatch: {
          type: 'string',
          title: t('dispatch_mode'),
          description: t('dispatch_mode_help'),
          enum: ['queue', 'load'],
          'x-labels': [t('dispatch_queue'), t('dispatch_load')],
        },
        capacity: {
          type: 'integer',
          title: t('capacity'),
          description: t('capacity_help'),
          minimum: 1,
          maximum: 1000,
        },
        description,
      };
    case 'departments':
      return { parent: ref(t('parent'), 'department') };
    case 'sites':
      return {
        parent: ref(t('parent'), 'site'),
        timezone: text(t('timezone'), { description: t('timezone_help') }),
        address: text(t('address'), { 'x-wide': true }),
      };
    case 'services':
      return {
        owner: ref(t('owner'), 'user'),
        team: ref(t('team'), 'team'),
        criticality: {
          type: 'string',
          title: t('criticality'),
          enum: ['critical', 'important', 'normal'],
          'x-labels': [t('criticality_critical'), t('criticality_important'), t('criticality_normal')],
        },
        description,
      };
    case 'skills':
      return {
        holders: refs(t('holders'), 'user'),
        backup: { ...refs(t('backup'), 'user'), description: t('backup_help') },
        categories: {
          ...refs(t('skill_categories'), 'category_entry'),
          description: t('skill_categories_help'),
        },
        services: refs(t('skill_services'), 'service'),
        description,
      };
    case 'templates': {
      const words = { 'x-widget': 'textarea', maxLength: 8000 };
      return {
        body_zh: text(t('body_zh'), words),
        body_en: text(t('body_en'), words),
        group: text(t('template_group'), { description: t('template_group_help') }),
        phrase: { type: 'boolean', title: t('template_phrase'), description: t('template_phrase_help') },
        teams: { ...refs(t('kit_teams'), 'team'), description: t('kit_teams_help') },
      };
    }
    case 'macros':
      return {
        description,
        teams: { ...refs(t('kit_teams'), 'team'), description: t('kit_teams_help') },
        roles: { ...refs(t('kit_roles'), 'role'), description: t('kit_teams_help') },
      };
    case 'checklists':
      return { description };
    case 'roles':
      return {
        actions: {
          type: 'array',
          title: t('actions'),
          description: t('actions_help'),
          items: { oneOf: known.grants.map((it) => ({ const: it.key, title: it.label })) },
          'x-wide': true,
        },
        description,
      };
    case 'categories':
      return {
        types: {
          type: 'array',
          title: t('types'),
          description: t('types_help'),
          items: { oneOf: known.packs.map((it) => ({ const: it.key, title: it.label })) },
        },
        position: {
          type: 'integer',
          title: t('position'),
          description: t('position_help'),
          minimum: 0,
          maximum: 100000,
        },
      };
  }
}

export function schemaOf(
  kind: EntryKind,
  t: TFunction<'admin'>,
  known: Known,
  creating: boolean,
): JsonSchema {
  const key =
    kind === 'categories'
      ? text(t('path'), {
          description: t('path_help'),
          maxLength: 200,
          pattern: '^[a-z0-9_-]+(/[a-z0-9_-]+)*$',
        })
      : text(t('key'), { description: t('key_help'), maxLength: 64, pattern: '^[A-Za-z0-9._-]+$' });
  return {
    type: 'object',
    properties: {
      ...(creating ? { key } : {}),
      label_zh: text(t('label_zh')),
      label_en: text(t('label_en')),
      ...own(kind, t, known),
    },
    required: creating ? ['key', 'label_zh'] : ['label_zh'],
  };
}

const keys = (list: { key: string }[] | null | undefined) => list?.map((it) => it.key) ?? [];

/** An entry as the editor holds it: names apart, references as keys. */
export function valuesOf(entry: Entry): Values {
  const labels = (entry.labels ?? {}) as Record<string, string>;
  const body = (entry.data?.body ?? {}) as Record<string, string>;
  return {
    ...(entry.data as Values | undefined),
    body_zh: body.zh ?? '',
    body_en: body.en ?? '',
    label_zh: labels.zh ?? '',
    label_en: labels.en ?? '',
    members: keys(entry.members),
    duty: entry.duty?.key,
    site: entry.site?.key,
    parent: entry.parent?.key,
    owner: entry.owner?.key,
    team: entry.team?.key,
    holders: keys(entry.holders),
    backup: keys(entry.backup),
  };
}

/** What the server takes: the names together again. */
export function bodyOf(changes: Values, given: Values): Values {
  const { label_zh, label_en, body_zh, body_en, ...rest } = changes;
  const name = (value: unknown, before: unknown) => (value === undefined ? before : value);
  const both = (zh: unknown, en: unknown, of: string) => {
    if (zh === undefined && en === undefined) return {};
    const texts = { zh: name(zh, given[`${of}_zh`]), en: name(en, given[`${of}_en`]) };
    return { [of]: Object.fromEntries(Object.entries(texts).filter(([, it]) => Boolean(it))) };
  };
  return { ...rest, ...both(label_zh, label_en, 'label'), ...both(body_zh, body_en, 'body') };
}
