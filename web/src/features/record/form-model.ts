import type { Pack, WorkRecord } from '../../api/types';
import { packSchema, toBody } from '../../shared/desk/pack-form';
import { blank, type JsonSchema, type Values } from '../../shared/form/schema';

/** The fields of the pack's sections that may be edited; state, team and the like change through actions. */
export function editSchema(pack: Pack): JsonSchema {
  const named = (pack.form_ui.sections ?? []).flatMap((it) => it.fields);
  const properties = (pack.form.properties ?? {}) as Record<string, JsonSchema>;
  const own = Object.keys(properties).filter((it) => !named.includes(it));
  const editable = [...named, ...own].filter((it) => !properties[it]?.readOnly);
  return packSchema(pack, editable, ['title']);
}

/** A record's values as the form names them. */
export const valuesOf = (record: WorkRecord): Values => ({
  ...record.fields,
  ...(record as unknown as Values),
});

const same = (a: unknown, b: unknown) => (blank(a) && blank(b)) || JSON.stringify(a) === JSON.stringify(b);

/** The changed fields by name, and the merge patch that makes them: null clears. */
export function difference(from: Values, to: Values) {
  const fields = Object.fromEntries(
    [...new Set([...Object.keys(from), ...Object.keys(to)])]
      .filter((name) => !same(from[name], to[name]))
      .map((name) => [name, blank(to[name]) ? null : to[name]]),
  );
  return { count: Object.keys(fields).length, fields, body: toBody(fields) };
}
