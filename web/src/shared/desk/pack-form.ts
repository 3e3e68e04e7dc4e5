// A pack's fields as one JSON Schema that a form can draw: the common columns and the pack's own,
// with names, choices and hints in the person's language, laid out as the pack says.
import type { Category, Choice, Pack } from '../../api/types';
import type { JsonSchema, Values } from '../form/schema';
import type { FormLayout } from '../form/schema-form';

/** The category tree as one list of choices, each with its way from the root. */
export function flatten(nodes: Category[], path: string[] = []): { const: string; title: string }[] {
  return nodes.flatMap((it) => {
    const here = [...path, it.label];
    return [{ const: it.key, title: here.join(' / ') }, ...flatten(it.children, here)];
  });
}

const oneOf = (choices: Choice[]) => choices.map((it) => ({ const: it.key, title: it.label }));

const common: Record<string, (pack: Pack) => JsonSchema> = {
  title: () => ({ type: 'string', minLength: 1, maxLength: 200, 'x-wide': true }),
  description: () => ({ type: 'string', maxLength: 50_000, 'x-widget': 'textarea' }),
  requester: () => ({ type: 'string', 'x-ref': 'user' }),
  channel: (pack) => ({ type: 'string', oneOf: oneOf(pack.channels) }),
  category: (pack) => ({ type: 'string', oneOf: flatten(pack.categories) }),
  service: () => ({ type: 'string', 'x-ref': 'service' }),
  site: () => ({ type: 'string', 'x-ref': 'site' }),
  impact: (pack) => ({ type: 'string', oneOf: oneOf(pack.impacts) }),
  urgency: (pack) => ({ type: 'string', oneOf: oneOf(pack.impacts) }),
};

export const isCommon = (name: string) => name in common;

/** An own field as forms draw it: its name, the names of its values, the categories it may refer to. */
export function enrich(name: string, raw: JsonSchema, pack: Pack | undefined): JsonSchema {
  const it: JsonSchema = { ...raw };
  if (!pack) return it;
  it.title ??= pack.fields.find((field) => field.key === name)?.label;
  it.description ??= pack.hints?.[name];
  const words = pack.values[name];
  if (raw.enum && words) {
    it.oneOf = raw.enum.map((value) => ({ const: value, title: words[String(value)] ?? String(value) }));
    delete it.enum;
  }
  if (raw['x-ref'] === 'category') it.oneOf = flatten(pack.categories);
  return it;
}

/** The same for each field of a schema, such as that of an action. */
export function enrichAll(schema: JsonSchema, pack: Pack | undefined): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).map(([name, raw]) => [
    name,
    enrich(name, raw, pack),
  ]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

/** A form of these fields, in this order; names that are neither common nor own are left out. */
export function packSchema(pack: Pack, names: string[], required: string[] = []): JsonSchema {
  const own = (pack.form.properties ?? {}) as Record<string, JsonSchema>;
  const properties: Record<string, JsonSchema> = {};
  for (const name of names) {
    const raw = common[name]?.(pack) ?? own[name];
    if (raw) properties[name] = enrich(name, raw, pack);
  }
  return { type: 'object', required, properties };
}

/** The sections of the pack's form, in its order. */
export function packLayout(pack: Pack): FormLayout {
  return {
    sections: (pack.form_ui.sections ?? []).map((it) => ({
      label: pack.sections?.find((section) => section.key === it.key)?.label,
      fields: it.fields,
    })),
  };
}

/** Values as the API takes them: common fields flat, own ones under `fields`. */
export function toBody(values: Values): Values {
  const entries = Object.entries(values);
  const own = entries.filter(([name]) => !isCommon(name));
  return {
    ...Object.fromEntries(entries.filter(([name]) => isCommon(name))),
    ...(own.length > 0 ? { fields: Object.fromEntries(own) } : {}),
  };
}

/** A field's name, and a value of it in words, as the pack calls them. */
export const fieldLabel = (pack: Pack | undefined, name: string) =>
  pack?.fields.find((it) => it.key === name)?.label ?? name;

export function valueLabel(pack: Pack | undefined, name: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return '—';
  if (typeof value === 'object') {
    const label = (value as { label?: unknown }).label;
    return typeof label === 'string' ? label : JSON.stringify(value);
  }
  const text = String(value);
  if (name === 'category')
    return flatten(pack?.categories ?? []).find((it) => it.const === text)?.title ?? text;
  if (name === 'state') return pack?.states.find((it) => it.key === text)?.label ?? text;
  // The reason of a hold stands in a field of its own; its names are among the reasons.
  const reason = /^(\w+)_reason$/.exec(name)?.[1];
  const named = reason && pack?.reasons?.[reason]?.find((it) => it.key === text)?.label;
  if (named) return named;
  return pack?.values[name]?.[text] ?? pack?.values[name === 'urgency' ? 'impact' : name]?.[text] ?? text;
}
