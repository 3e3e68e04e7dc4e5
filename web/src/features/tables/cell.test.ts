import { describe, expect, it } from 'vitest';
import { faultsOf, faultWords, freshId, moved, readCell, readResult, writeCell } from './cell';

describe('a cell', () => {
  it.each([
    ['', { kind: 'any' }],
    ['-', { kind: 'any' }],
    ["'erp', 'finance'", { kind: 'values', values: ['erp', 'finance'] }],
    ['1', { kind: 'values', values: ['1'] }],
    ["startsWith($, 'network')", { kind: 'below', values: ['network'] }],
    ["startsWith($, 'a') or startsWith($, 'b/c')", { kind: 'below', values: ['a', 'b/c'] }],
    ['> 3 and < 10', { kind: 'expression', source: '> 3 and < 10' }],
    ["'it\\'s'", { kind: 'expression', source: "'it\\'s'" }],
  ])('%s is read', (source, cell) => {
    expect(readCell(source)).toEqual(cell);
  });

  it('is written as it was read', () => {
    for (const source of [
      '',
      "'erp', 'finance'",
      "startsWith($, 'a') or startsWith($, 'b/c')",
      '> 3 and < 10',
    ])
      expect(writeCell(readCell(source))).toBe(source);
    expect(writeCell(readCell('1, 2'), true)).toBe('1, 2');
    expect(writeCell({ kind: 'values', values: ['1'] })).toBe("'1'");
  });

  it('of an output has one value, or is worked out', () => {
    expect(readResult("'desktop-l1'")).toBe('desktop-l1');
    expect(readResult('3')).toBe('3');
    expect(readResult('')).toBe('');
    expect(readResult('impact + 1')).toBeUndefined();
  });
});

describe('rows', () => {
  const rules = [{ _id: 'row_1' }, { _id: 'row_4' }, { _id: 'x' }];
  it('get ids that none has', () => {
    expect(freshId([])).toBe('row_1');
    expect(freshId([...rules])).toBe('row_5');
  });
  it('move within the table', () => {
    expect(moved(rules, 0, 1).map((it) => it._id)).toEqual(['row_4', 'row_1', 'x']);
    expect(moved(rules, 0, -1)).toBe(rules);
    expect(moved(rules, 2, 1)).toBe(rules);
  });
});

it('faults stand at their cells, cases by their names', () => {
  const told = faultsOf(
    [
      { pointer: '/rules/2/out_team', code: 'unknown_reference', message: 'no' },
      { pointer: '/accept/a~1b ~0c', code: 'case_failed', message: 'other' },
      { pointer: '/rules', code: 'too_long', message: 'long' },
    ],
    ({ message }) => message,
  );
  expect([...told.cells]).toEqual([['2.out_team', 'no']]);
  expect(told.cases).toEqual(['a/b ~c']);
  expect(told.whole).toEqual(['long']);
});

it('faults are told by code, and where they begin', () => {
  const t = ((key: string, more: { at?: string; defaultValue?: string }) =>
    more.defaultValue
      ? key === 'fault_empty'
        ? 'Nothing there'
        : more.defaultValue
      : `${key} ${more.at}`) as never;
  const fault = (code: string, message: string) => faultWords({ pointer: '', code, message }, t);
  expect(fault('malformed', 'Invalid operator (at character 4): look')).toBe('fault_malformed_at 4');
  expect(fault('empty', 'the expression is empty')).toBe('Nothing there');
  expect(fault('unheard_of', 'as the server says')).toBe('as the server says');
});
