import { describe, expect, it } from 'vitest';
import { difference, flatten } from './form-model';

describe('difference', () => {
  it('is a merge patch: changed values, null for what was emptied, own fields apart', () => {
    const from = { common: { title: 'a', service: 'net' }, own: { note: 'x', count: 1 } };
    const to = { common: { title: 'b', service: undefined }, own: { note: 'x', count: 2 } };
    expect(difference(from, to)).toEqual({
      count: 3,
      body: { title: 'b', service: null, fields: { count: 2 } },
      fields: { title: 'b', service: null, count: 2 },
    });
  });
  it('does not take an empty text for a change of nothing', () => {
    expect(
      difference({ common: {}, own: {} }, { common: { title: '' }, own: { note: undefined } }).count,
    ).toBe(0);
  });
});

it('flattens categories with their way from the root', () => {
  const tree = [{ key: 'hw', label: 'Hardware', children: [{ key: 'pc', label: 'PC', children: [] }] }];
  expect(flatten(tree).map((it) => it.title)).toEqual(['Hardware', 'Hardware / PC']);
});
