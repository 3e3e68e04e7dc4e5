// Reads a JSON Schema (2020-12) of flat fields into what a form draws, and checks values against
// it before the server does. The server's answer counts; this only spares a round trip.
import type { Directory } from '../lib/queries';

export interface JsonSchema {
  type?: string | string[];
  title?: string;
  description?: string;
  format?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  enum?: unknown[];
  const?: unknown;
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  allOf?: JsonSchema[];
  items?: JsonSchema;
  if?: JsonSchema;
  then?: JsonSchema;
  else?: JsonSchema;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  default?: unknown;
  readOnly?: boolean;
  /** Written and never shown again. */
  writeOnly?: boolean;
  [extension: `x-${string}`]: unknown;
}

export type Kind =
  | 'text'
  | 'textarea'
  | 'number'
  | 'integer'
  | 'boolean'
  | 'choice'
  | 'choices'
  | 'date'
  | 'datetime'
  | 'instant'
  | 'rating'
  | 'secret'
  | 'refs'
  | Directory;

export interface Option {
  value: string | number | boolean;
  label: string;
}

export interface Field {
  name: string;
  kind: Kind;
  title: string;
  help?: string;
  required: boolean;
  readOnly: boolean;
  options: Option[];
  schema: JsonSchema;
}

export type Values = Record<string, unknown>;
export interface FieldError {
  name: string;
  /** A key of the common texts, or `said` for the server's own words. */
  key: string;
  count?: number;
  said?: string;
}

const directories: Record<string, Directory> = {
  user: 'users',
  person: 'users',
  team: 'teams',
  site: 'sites',
  service: 'services',
  department: 'departments',
  role: 'roles',
  skill: 'skills',
  // Entries of the tree; `category` is a choice among those of one type.
  category_entry: 'categories',
};
const areas = new Set(['textarea', 'multiline', 'markdown', 'text']);

/** The type without null: `["string", "null"]` and anyOf with null are a string that may stay empty. */
function plain(schema: JsonSchema): JsonSchema {
  const branch = (schema.anyOf ?? []).filter((it) => it.type !== 'null');
  const merged = branch.length === 1 ? { ...branch[0], ...schema, anyOf: undefined } : schema;
  const types = Array.isArray(merged.type) ? merged.type.filter((it) => it !== 'null') : merged.type;
  return { ...merged, type: Array.isArray(types) ? types[0] : types };
}

function optionsOf(schema: JsonSchema): Option[] {
  const value = (raw: unknown) => (typeof raw === 'number' || typeof raw === 'boolean' ? raw : String(raw));
  const named = schema.oneOf ?? schema.anyOf;
  if (named?.some((it) => it.const !== undefined)) {
    return named
      .filter((it) => it.const !== undefined && it.const !== null)
      .map((it) => ({ value: value(it.const), label: it.title ?? String(it.const) }));
  }
  const labels = (schema['x-labels'] ?? schema['x-enum-labels']) as
    | Record<string, string>
    | string[]
    | undefined;
  return (schema.enum ?? [])
    .filter((it) => it !== null)
    .map((it, index) => ({
      value: value(it),
      label: (Array.isArray(labels) ? labels[index] : labels?.[String(it)]) ?? String(it),
    }));
}

export function directoryOf(schema: JsonSchema): Directory | undefined {
  const named = schema['x-ref'] ?? schema['x-widget'] ?? schema.format;
  if (typeof named !== 'string') return undefined;
  const word = named.replace(/^ref-/, '').replace(/s$/, '');
  return named.startsWith('ref-') || schema['x-ref'] ? directories[word] : undefined;
}

export function kindOf(raw: JsonSchema): Kind {
  const schema = plain(raw);
  const reference = directoryOf(schema);
  if (reference) return reference;
  if (optionsOf(schema).length > 0) return 'choice';
  if (schema.type === 'array' && schema.items && directoryOf(schema.items)) return 'refs';
  if (schema.type === 'array' && schema.items && optionsOf(schema.items).length > 0) return 'choices';
  const format = String(schema['x-widget'] ?? schema.format ?? '');
  if (schema.type === 'boolean') return 'boolean';
  if (schema.format === 'instant') return 'instant';
  if (format === 'rate') return 'rating';
  if (format === 'password' || schema.writeOnly) return 'secret';
  if (schema.type === 'integer' || schema.type === 'number') {
    const scale = schema.minimum === 1 && (schema.maximum ?? 99) <= 5;
    return scale && schema.type === 'integer' ? 'rating' : schema.type;
  }
  if (format === 'date-time') return 'datetime';
  if (format === 'date') return 'date';
  return areas.has(format) || (schema.maxLength ?? 0) > 1000 ? 'textarea' : 'text';
}

/** Does a value fulfil a condition (`if`) of the simple kind: const, enum and required of fields. */
function fulfils(schema: JsonSchema, values: Values): boolean {
  const needed = (schema.required ?? []).every((name) => !blank(values[name]));
  return (
    needed &&
    Object.entries(schema.properties ?? {}).every(([name, want]) => {
      if (values[name] === undefined) return true;
      if (want.const !== undefined) return values[name] === want.const;
      return want.enum ? want.enum.includes(values[name]) : true;
    })
  );
}

/** The schema as it stands for these values, with its `if`/`then`/`else` decided. */
export function resolve(schema: JsonSchema, values: Values): JsonSchema {
  let out = schema;
  for (const part of [schema, ...(schema.allOf ?? [])]) {
    const branch = part.if
      ? fulfils(part.if, values)
        ? part.then
        : part.else
      : part === schema
        ? undefined
        : part;
    if (!branch) continue;
    out = {
      ...out,
      required: [...new Set([...(out.required ?? []), ...(branch.required ?? [])])],
      properties: { ...out.properties, ...mergeProperties(out.properties, branch.properties) },
    };
  }
  return out;
}

function mergeProperties(base: JsonSchema['properties'] = {}, more: JsonSchema['properties'] = {}) {
  return Object.fromEntries(Object.entries(more).map(([name, it]) => [name, { ...base[name], ...it }]));
}

export function fieldsOf(schema: JsonSchema, values: Values = {}): Field[] {
  const now = resolve(schema, values);
  const required = new Set(now.required ?? []);
  return Object.entries(now.properties ?? {}).map(([name, raw]) => {
    const it = plain(raw);
    return {
      name,
      kind: kindOf(raw),
      title: it.title ?? name,
      help: it.description,
      required: required.has(name),
      readOnly: it.readOnly ?? false,
      options: optionsOf(it.type === 'array' && it.items ? it.items : it),
      schema: it,
    };
  });
}

export const blank = (value: unknown) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

export function check(schema: JsonSchema, values: Values): FieldError[] {
  return fieldsOf(schema, values).flatMap((field): FieldError[] => {
    const value = values[field.name];
    const { name, schema: it } = field;
    if (blank(value) || (typeof value === 'string' && !value.trim())) {
      return field.required ? [{ name, key: 'required' }] : [];
    }
    if (typeof value === 'string') {
      const length = [...value].length;
      if (it.minLength && length < it.minLength) return [{ name, key: 'min_length', count: it.minLength }];
      if (it.maxLength && length > it.maxLength) return [{ name, key: 'max_length', count: it.maxLength }];
      if (it['x-ahead'] === true && Date.parse(value) <= Date.now()) return [{ name, key: 'past' }];
      if (it.pattern && !new RegExp(it.pattern, 'u').test(value)) return [{ name, key: 'pattern' }];
    }
    if (typeof value === 'number') {
      if (it.type === 'integer' && !Number.isInteger(value)) return [{ name, key: 'integer' }];
      if (it.minimum !== undefined && value < it.minimum)
        return [{ name, key: 'minimum', count: it.minimum }];
      if (it.maximum !== undefined && value > it.maximum)
        return [{ name, key: 'maximum', count: it.maximum }];
    }
    return [];
  });
}

// Codes of the server that say enough to be put in the person's own words.
const codes = new Set([
  'required',
  'unknown_reference',
  'inactive',
  'not_a_member',
  'may_not_read',
  'past',
  'taken',
  'self',
  'awaited',
  'not_linked',
  'circle',
  'other_type',
  'order',
  'beyond',
]);

/** The server's complaints, field by field: `/fields/reason` and `/reason` both mean `reason`. */
export function fromPointers(errors: { pointer: string; code?: string; message: string }[]): FieldError[] {
  return errors.map((it) => {
    const name = it.pointer.split('/').filter(Boolean).at(-1) ?? '';
    return it.code && codes.has(it.code) ? { name, key: it.code } : { name, key: 'said', said: it.message };
  });
}

/** Complaints about fields that this form does not show: they need another place. */
export function homeless(errors: FieldError[], schema: JsonSchema, values: Values): FieldError[] {
  const shown = new Set(fieldsOf(schema, values).map((it) => it.name));
  return errors.filter((it) => !shown.has(it.name));
}

/** A value as the form holds it: a reference is its key. */
export const toInput = (value: unknown): unknown =>
  value && typeof value === 'object' && 'key' in value ? (value as { key: unknown }).key : value;

export function initial(schema: JsonSchema, given: Values = {}): Values {
  const out: Values = {};
  for (const field of fieldsOf(schema)) {
    const value = given[field.name] ?? field.schema.default;
    if (value !== undefined && value !== null) out[field.name] = toInput(value);
  }
  return out;
}

/** What to send: filled fields of this schema only. */
export function filled(schema: JsonSchema, values: Values): Values {
  return Object.fromEntries(
    fieldsOf(schema, values)
      .filter((field) => !blank(values[field.name]) && !field.readOnly)
      .map((field) => {
        const value = values[field.name];
        return [field.name, typeof value === 'string' ? value.trim() : value];
      }),
  );
}
