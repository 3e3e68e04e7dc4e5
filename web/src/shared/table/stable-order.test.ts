import { describe, expect, it } from 'vitest';
import { stableOrder } from './stable-order';

const rows = (...ids: string[]) => ids.map((id) => ({ id, at: 0 }));
const names = (it: { rows: { id: string }[] }) => it.rows.map((row) => row.id).join('');

describe('stableOrder', () => {
  it('takes the fresh order while nobody points at the list', () => {
    expect(names(stableOrder(rows('a', 'b'), rows('b', 'a'), false))).toBe('ba');
  });
  it('keeps rows in place under the pointer, with fresh values', () => {
    const held = stableOrder(
      rows('a', 'b'),
      [
        { id: 'b', at: 1 },
        { id: 'a', at: 2 },
      ],
      true,
    );
    expect(held.rows).toEqual([
      { id: 'a', at: 2 },
      { id: 'b', at: 1 },
    ]);
  });
  it('lets new rows wait and keeps those that went', () => {
    const held = stableOrder(rows('a', 'b'), rows('n', 'b'), true);
    expect(names(held)).toBe('ab');
    expect(held.waiting).toBe(1);
    expect([...held.gone]).toEqual(['a']);
  });
  it('shows the next page at once', () => {
    const held = stableOrder(rows('a', 'b'), rows('n', 'a', 'b', 'c', 'd'), true);
    expect(names(held)).toBe('abcd');
    expect(held.waiting).toBe(1);
  });
  it('counts all as waiting when nothing known is left', () => {
    expect(stableOrder(rows('a'), rows('x', 'y'), true).waiting).toBe(2);
  });
});
