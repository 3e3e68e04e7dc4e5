// Cells of decision tables as people choose them: some values, or a branch of a tree. What is neither stays the expression that it is.
import type { TFunction } from 'i18next';

export type Cell =
  | { kind: 'any' }
  /** One of these values. */
  | { kind: 'values'; values: string[] }
  /** One of these and all that lies below. */
  | { kind: 'below'; values: string[] }
  | { kind: 'expression'; source: string };

const quoted = /^'([^'\\]*)'$/;
const beginning = /^startsWith\(\s*\$\s*,\s*'([^'\\]*)'\s*\)$/;
const number = /^-?\d+(\.\d+)?$/;

/** Parts of a text that all have one shape; none where one has not. */
function all(parts: string[], shape: RegExp): string[] | undefined {
  const found = parts.map((part) => shape.exec(part.trim())?.[1]);
  return found.every((it) => it !== undefined) ? (found as string[]) : undefined;
}

/** Reads a cell of an input. */
export function readCell(source: string): Cell {
  const text = source.trim();
  if (text === '' || text === '-') return { kind: 'any' };
  const values = all(text.split(','), quoted);
  if (values) return { kind: 'values', values };
  if (text.split(',').every((part) => number.test(part.trim())))
    return { kind: 'values', values: text.split(',').map((part) => part.trim()) };
  const below = all(text.split(/\s+or\s+/), beginning);
  if (below) return { kind: 'below', values: below };
  return { kind: 'expression', source: text };
}

/** What a value is written as: a text in quotes, a number as it is. */
const literal = (value: string, plain: boolean) => (plain && number.test(value) ? value : `'${value}'`);

/** Writes a cell of an input; `plain` where the field holds numbers. */
export function writeCell(cell: Cell, plain = false): string {
  switch (cell.kind) {
    case 'any':
      return '';
    case 'values':
      return cell.values.map((it) => literal(it, plain)).join(', ');
    case 'below':
      return cell.values.map((it) => `startsWith($, '${it}')`).join(' or ');
    case 'expression':
      return cell.source;
  }
}

/** The one value that a cell of an output gives; none where it is worked out. */
export function readResult(source: string): string | undefined {
  const text = source.trim();
  if (text === '') return '';
  return quoted.exec(text)?.[1] ?? (number.test(text) ? text : undefined);
}

export interface Rule {
  _id: string;
  _description?: string;
  [column: string]: string | undefined;
}

/** An id that no row has. */
export function freshId(rules: Rule[]): string {
  let n = rules.length + 1;
  while (rules.some((it) => it._id === `row_${n}`)) n += 1;
  return `row_${n}`;
}

/** Puts a row one place higher or lower; where there is no such place all stays. */
export function moved(rules: Rule[], at: number, by: -1 | 1): Rule[] {
  const to = at + by;
  if (to < 0 || to >= rules.length) return rules;
  const next = [...rules];
  const [row] = next.splice(at, 1);
  if (row) next.splice(to, 0, row);
  return next;
}

interface Fault {
  pointer: string;
  code: string;
  message: string;
}

/** A fault in the reader's language: by its code, and by its place in the cell where the engine tells one. */
export function faultWords({ code, message }: Fault, t: TFunction<'tables'>): string {
  const at = code === 'malformed' ? /\bat character (\d+)/.exec(message)?.[1] : undefined;
  return at ? t('fault_malformed_at', { at }) : t(`fault_${code}`, { defaultValue: message });
}

/** Faults of the server by cell, as `row.column`; what belongs to no cell is told for the whole. */
export function faultsOf(errors: Fault[], say: (fault: Fault) => string) {
  const cells = new Map<string, string>();
  const cases: string[] = [];
  const whole: string[] = [];
  for (const fault of errors) {
    const { pointer, code } = fault;
    const [, part, at, column] = pointer.split('/');
    if (code === 'case_failed' && part === 'accept' && at !== undefined)
      cases.push(at.replaceAll('~1', '/').replaceAll('~0', '~'));
    else if (part === 'rules' && at !== undefined && column !== undefined)
      cells.set(`${at}.${column}`, say(fault));
    else whole.push(say(fault));
  }
  return { cells, cases, whole };
}
