import { describe, expect, it } from 'vitest';
import { remaining, toggled } from './selection';

const order = ['a', 'b', 'c', 'd'];
const set = (...items: string[]) => new Set(items);

describe('selection', () => {
  it('takes one in and out', () => {
    expect(toggled(set(), order, 'b', undefined)).toEqual(set('b'));
    expect(toggled(set('b'), order, 'b', undefined)).toEqual(set());
  });
  it('takes a stretch, whichever end was first', () => {
    expect(toggled(set('a'), order, 'c', 'a')).toEqual(set('a', 'b', 'c'));
    expect(toggled(set('d'), order, 'b', 'd')).toEqual(set('b', 'c', 'd'));
    expect(toggled(set('a', 'b', 'c'), order, 'c', 'a')).toEqual(set());
  });
  it('keeps nothing that has left the list', () => {
    const two = set('a', 'b');
    expect(remaining(two, order)).toBe(two);
    expect(remaining(two, ['b', 'c'])).toEqual(set('b'));
    expect(remaining(two, [])).toEqual(set());
  });
});
