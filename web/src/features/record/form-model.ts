import type { Pack, WorkRecord } from '../../api/types';
import { packSchema, toBody } from '../../shared/desk/pack-form';
import { blank, fieldsOf, type JsonSchema, type Values } from '../../shared/form/schema';

/**
 * The fields of the pack's sections; state, team and the like change through actions. What is given with an action alone is shown,
 * once there is something to show.
 */
export function editSchema(pack: Pack, values: Values = {}): JsonSchema {
  const named = (pack.form_ui.sections ?? []).flatMap((it) => it.fields);
  const properties = (pack.form.properties ?? {}) as Record<string, JsonSchema>;
  const own = Object.keys(properties).filter((it) => !named.includes(it));
  const shown = [...named, ...own].filter((it) => !properties[it]?.readOnly || !blank(values[it]));
  return packSchema(pack, shown, ['title']);
}

/** The same form, for whoever may only read it. */
export function fixed(schema: JsonSchema): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).map(([name, it]) => [
    name,
    { ...it, readOnly: true },
  ]);
  return { ...schema, required: [], properties: Object.fromEntries(properties) };
}

/** Values being edited, with those that are not edited here as they are now. */
export function withFixed(schema: JsonSchema, edited: Values, now: Values): Values {
  const names = fieldsOf(schema).filter((it) => it.readOnly);
  return { ...edited, ...Object.fromEntries(names.map((it) => [it.name, now[it.name]])) };
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
