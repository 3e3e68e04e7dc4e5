// The editable part of a record as two flat forms (common columns, the pack's own fields), and
// the merge patch between two states of them.
import type { TFunction } from 'i18next';
import type { Category, Pack, WorkRecord } from '../../api/types';
import { blank, initial, type JsonSchema, type Values } from '../../shared/form/schema';

/** The category tree as one list of choices, each with its way from the root. */
export function flatten(nodes: Category[], path: string[] = []): { const: string; title: string }[] {
  return nodes.flatMap((it) => {
    const here = [...path, it.label];
    return [{ const: it.key, title: here.join(' / ') }, ...flatten(it.children, here)];
  });
}

const levels = ['high', 'medium', 'low'];

export function commonSchema(pack: Pack, t: TFunction<string>): JsonSchema {
  const level = levels.map((it) => ({ const: it, title: t(`common:level.${it}`) }));
  return {
    type: 'object',
    required: ['title'],
    properties: {
      title: { type: 'string', title: t('record:title'), minLength: 1, maxLength: 200, 'x-wide': true },
      description: { type: 'string', format: 'textarea', title: t('record:description') },
      category: { type: 'string', title: t('record:category'), oneOf: flatten(pack.categories) },
      service: { type: 'string', format: 'ref-service', title: t('record:service') },
      impact: { type: 'string', title: t('record:impact'), oneOf: level },
      urgency: { type: 'string', title: t('record:urgency'), oneOf: level },
    },
  };
}

export interface FormState {
  common: Values;
  own: Values;
}

export const fromRecord = (record: WorkRecord, common: JsonSchema, own: JsonSchema): FormState => ({
  common: initial(common, record as unknown as Values),
  own: initial(own, record.fields),
});

const same = (a: unknown, b: unknown) => (blank(a) && blank(b)) || JSON.stringify(a) === JSON.stringify(b);
const changed = (from: Values, to: Values) =>
  Object.fromEntries(
    [...new Set([...Object.keys(from), ...Object.keys(to)])]
      .filter((name) => !same(from[name], to[name]))
      .map((name) => [name, blank(to[name]) ? null : to[name]]),
  );

/** The merge patch from one state to another, and the changed fields by name. */
export function difference(from: FormState, to: FormState) {
  const common = changed(from.common, to.common);
  const own = changed(from.own, to.own);
  const fields = { ...common, ...own };
  const body = { ...common, ...(Object.keys(own).length > 0 ? { fields: own } : {}) };
  return { count: Object.keys(fields).length, body, fields };
}
