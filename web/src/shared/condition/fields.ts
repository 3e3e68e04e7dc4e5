// What a list of a type can be filtered by and show: the standard fields and the pack's indexed own ones.
import type { TFunction } from 'i18next';
import type { Pack } from '../../api/types';
import { flatten } from '../desk/pack-form';
import type { ValueKind } from './condition';

export interface ListField {
  name: string;
  label: string;
  kind: ValueKind;
  options?: { value: string; label: string }[];
}

const phases = ['new', 'active', 'waiting', 'resolved', 'closed', 'cancelled'] as const;
const own = 'fields.';

const kindsOfStandard: [string, ValueKind][] = [
  ['title', 'text'],
  ['number', 'text'],
  ['state', 'choice'],
  ['phase', 'choice'],
  ['priority', 'choice'],
  ['impact', 'choice'],
  ['urgency', 'choice'],
  ['category', 'choice'],
  ['service', 'services'],
  ['site', 'sites'],
  ['requester', 'users'],
  ['reporter', 'users'],
  ['team', 'teams'],
  ['assignee', 'users'],
  ['channel', 'choice'],
  ['opened_at', 'instant'],
  ['responded_at', 'instant'],
  ['resolved_at', 'instant'],
  ['closed_at', 'instant'],
  ['updated_at', 'instant'],
  ['reassign_count', 'number'],
  ['reopen_count', 'number'],
];

const choices = (list: { key: string; label: string }[]) =>
  list.map((it) => ({ value: it.key, label: it.label }));

function ownField(pack: Pack, name: string): ListField {
  const schema = (pack.form.properties?.[name] ?? {}) as {
    type?: unknown;
    format?: string;
    enum?: unknown[];
  };
  const label = pack.fields.find((it) => it.key === name)?.label ?? name;
  const words = pack.values[name] ?? {};
  const kind: ValueKind = schema.enum
    ? 'choice'
    : schema.format === 'instant'
      ? 'instant'
      : schema.type === 'number' || schema.type === 'integer'
        ? 'number'
        : 'text';
  const options = schema.enum?.map((it) => ({ value: String(it), label: words[String(it)] ?? String(it) }));
  return { name: own + name, label, kind, options };
}

/** The fields of a type, the standard ones first. */
export function listFields(pack: Pack | undefined, t: TFunction<'lists'>): ListField[] {
  const options: Record<string, ListField['options']> = pack
    ? {
        state: choices(pack.states),
        priority: choices(pack.priorities),
        impact: choices(pack.impacts),
        urgency: choices(pack.impacts),
        channel: choices(pack.channels),
        category: flatten(pack.categories).map((it) => ({ value: it.const, label: it.title })),
      }
    : {};
  options.phase = phases.map((it) => ({ value: it, label: t(`common:phase.${it}`) }));
  const standard = kindsOfStandard.map(([name, kind]) => ({
    name,
    label: pack?.fields.find((it) => it.key === name)?.label ?? t(`field_${name}`),
    kind,
    options: options[name],
  }));
  return [...standard, ...(pack?.indexed ?? []).map((name) => ownField(pack as Pack, name))];
}

/** The columns shown when none are chosen. */
export const usual = ['priority', 'number', 'title', 'service', 'requester', 'team', 'assignee', 'state'];
export const isOwn = (column: string) => column.startsWith(own);
export const ownName = (column: string) => column.slice(own.length);
