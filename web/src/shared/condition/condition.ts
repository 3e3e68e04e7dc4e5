// Conditions as the builder shows them: rows of field, operator and value, joined by "all" or "any",
// with groups one level deep. What is written otherwise (by a program) is kept and shown as text.

export type Join = 'all' | 'any';
export type ValueKind = 'text' | 'choice' | 'users' | 'teams' | 'services' | 'sites' | 'instant' | 'number';
export interface Row {
  field: string;
  op: string;
  value: string;
}
export interface Group {
  join: Join;
  rows: Row[];
}
export interface Built extends Group {
  groups: Group[];
}

/** Operators of each kind of field, the usual one first. */
export const operators: Record<ValueKind, readonly string[]> = {
  text: ['contains', 'starts_with', 'eq', 'is_empty', 'not_empty'],
  choice: ['in', 'not_in', 'is_empty', 'not_empty'],
  users: ['eq', 'ne', 'is_empty', 'not_empty'],
  teams: ['eq', 'ne', 'is_empty', 'not_empty'],
  services: ['eq', 'ne', 'is_empty', 'not_empty'],
  sites: ['eq', 'ne', 'is_empty', 'not_empty'],
  instant: ['within_days', 'older_days', 'after', 'before', 'is_empty', 'not_empty'],
  number: ['eq', 'ge', 'le', 'is_empty', 'not_empty'],
};

export const noValue = (op: string) => op === 'is_empty' || op === 'not_empty';

/** Words for who asks, among the choices of a reference. */
export const me = '@me';
export const myTeams = '@my_teams';

const isObject = (it: unknown): it is Record<string, unknown> =>
  typeof it === 'object' && it !== null && !Array.isArray(it);

/** A row as the server reads it; undefined while it has no value. */
export function testOf(row: Row, kind: ValueKind): object | undefined {
  const { field, op, value } = row;
  if (!field || !op) return undefined;
  if (noValue(op)) return { field, op };
  if (!value.trim()) return undefined;
  if (value === me) return { field, op, value: { me: true } };
  if (value === myTeams) return { field, op: op === 'ne' ? 'not_in' : 'in', value: { my_teams: true } };
  if (op === 'within_days') return { field, op: 'ge', value: { ago: `P${Number(value)}D` } };
  if (op === 'older_days') return { field, op: 'lt', value: { ago: `P${Number(value)}D` } };
  if (op === 'after' || op === 'before') {
    const at = new Date(value);
    return Number.isNaN(at.getTime())
      ? undefined
      : { field, op: op === 'after' ? 'ge' : 'lt', value: at.toISOString() };
  }
  if (kind === 'number') return { field, op, value: Number(value) };
  if (op === 'in' || op === 'not_in') return { field, op, value: value.split(',') };
  return { field, op, value };
}

/** A test as a row; undefined for what the builder does not show. */
export function rowOf(test: Record<string, unknown>): Row | undefined {
  const { field, op, value } = test;
  if (typeof field !== 'string' || typeof op !== 'string') return undefined;
  if (noValue(op)) return { field, op, value: '' };
  if (isObject(value)) {
    if (value.me === true) return { field, op, value: me };
    if (value.my_teams === true && (op === 'in' || op === 'not_in'))
      return { field, op: op === 'in' ? 'eq' : 'ne', value: myTeams };
    const days = typeof value.ago === 'string' ? /^P(\d+)D$/.exec(value.ago)?.[1] : undefined;
    if (days && op === 'ge') return { field, op: 'within_days', value: days };
    if (days && op === 'lt') return { field, op: 'older_days', value: days };
    return undefined;
  }
  if (Array.isArray(value))
    return value.every((it) => typeof it === 'string') ? { field, op, value: value.join(',') } : undefined;
  if (typeof value === 'number') return { field, op, value: String(value) };
  if (typeof value !== 'string') return undefined;
  if (/_at$/.test(field) && (op === 'ge' || op === 'lt'))
    return { field, op: op === 'ge' ? 'after' : 'before', value: value.slice(0, 16) };
  return { field, op, value };
}

/** A row with an operator of its field's kind where one means the same: a choice is one of those that are chosen. */
export function fitting(row: Row, kind: ValueKind): Row {
  if (kind !== 'choice') return row;
  return row.op === 'eq' ? { ...row, op: 'in' } : row.op === 'ne' ? { ...row, op: 'not_in' } : row;
}

/** The operators to choose among; what was written otherwise stays what it is. */
export const operatorsFor = ({ op }: Row, kind: ValueKind) =>
  !op || operators[kind].includes(op) ? operators[kind] : [op, ...operators[kind]];

const partsOf = (it: Record<string, unknown>): [Join, unknown[]] | undefined => {
  if (Array.isArray(it.all)) return ['all', it.all];
  if (Array.isArray(it.any)) return ['any', it.any];
  return undefined;
};

/** Reads a condition; undefined when it has a shape that the builder does not show. */
export function read(json: unknown): Built | undefined {
  if (json === undefined || json === null) return { join: 'all', rows: [], groups: [] };
  if (!isObject(json)) return undefined;
  const parts = partsOf(json);
  if (!parts) {
    const row = rowOf(json);
    return row && { join: 'all', rows: [row], groups: [] };
  }
  const built: Built = { join: parts[0], rows: [], groups: [] };
  for (const part of parts[1]) {
    if (!isObject(part)) return undefined;
    const inner = partsOf(part);
    if (!inner) {
      const row = rowOf(part);
      if (!row) return undefined;
      built.rows.push(row);
      continue;
    }
    const rows = inner[1].map((it) => (isObject(it) ? rowOf(it) : undefined));
    if (rows.some((row) => row === undefined)) return undefined;
    built.groups.push({ join: inner[0], rows: rows as Row[] });
  }
  return built;
}

/** Writes what was built, without rows that have no value; undefined when nothing is left. */
export function write(built: Built, kindOf: (field: string) => ValueKind): object | undefined {
  const tests = (rows: Row[]) => rows.flatMap((row) => testOf(row, kindOf(row.field)) ?? []);
  const groups = built.groups.flatMap((group) => {
    const inner = tests(group.rows);
    return inner.length > 0 ? [{ [group.join]: inner }] : [];
  });
  const parts = [...tests(built.rows), ...groups];
  if (parts.length === 0) return undefined;
  return parts.length === 1 ? parts[0] : { [built.join]: parts };
}

/** Whether a row says nothing yet: it is dropped without a word. */
export const isBare = (row: Row) => !row.field && !row.value.trim();

/** Whether a row was begun and lacks its value: dropped, it would be missed. */
export const isUnfinished = (row: Row, kindOf: (field: string) => ValueKind) =>
  !isBare(row) && testOf(row, kindOf(row.field)) === undefined;

/** How many tests a condition has. */
export function size(json: unknown): number {
  if (!isObject(json)) return 0;
  if (isObject(json.not)) return size(json.not);
  const parts = partsOf(json);
  return parts ? parts[1].reduce((sum: number, part) => sum + size(part), 0) : 1;
}

/** The condition in an address; undefined when there is none or it is no JSON. */
export function parse(text: string | undefined): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
