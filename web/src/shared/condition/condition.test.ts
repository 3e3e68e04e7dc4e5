import { describe, expect, it } from 'vitest';
import {
  type Built,
  fitting,
  isUnfinished,
  me,
  myTeams,
  operatorsFor,
  parse,
  read,
  size,
  type ValueKind,
  write,
} from './condition';

const kinds: Record<string, ValueKind> = {
  priority: 'choice',
  assignee: 'users',
  team: 'teams',
  opened_at: 'instant',
  'fields.users_affected': 'number',
};
const kindOf = (field: string) => kinds[field] ?? 'text';

describe('conditions', () => {
  it('come back as they were built', () => {
    const built: Built = {
      join: 'any',
      rows: [
        { field: 'priority', op: 'in', value: 'p1,p2' },
        { field: 'assignee', op: 'eq', value: me },
        { field: 'team', op: 'ne', value: myTeams },
        { field: 'opened_at', op: 'older_days', value: '7' },
      ],
      groups: [
        {
          join: 'all',
          rows: [
            { field: 'title', op: 'contains', value: 'x' },
            { field: 'fields.users_affected', op: 'ge', value: '5' },
          ],
        },
      ],
    };
    const written = write(built, kindOf);
    expect(read(JSON.parse(JSON.stringify(written)))).toEqual(built);
    expect(written).toMatchObject({
      any: [
        { field: 'priority', op: 'in', value: ['p1', 'p2'] },
        { value: { me: true } },
        { op: 'not_in', value: { my_teams: true } },
        { op: 'lt', value: { ago: 'P7D' } },
        { all: [{}, { value: 5 }] },
      ],
    });
    expect(size(written)).toBe(6);
  });
  it('leave out what has no value yet', () => {
    const rows = [
      { field: 'title', op: 'contains', value: ' ' },
      { field: 'assignee', op: 'is_empty', value: '' },
    ];
    expect(write({ join: 'all', rows, groups: [{ join: 'any', rows: [] }] }, kindOf)).toEqual({
      field: 'assignee',
      op: 'is_empty',
    });
    expect(write({ join: 'all', rows: [], groups: [] }, kindOf)).toBeUndefined();
  });
  it('are shown with an operator that can be chosen, or keep the one they have', () => {
    const row = { field: 'phase', op: 'eq', value: 'active' };
    expect(fitting(row, 'choice')).toEqual({ ...row, op: 'in' });
    expect(fitting({ ...row, op: 'ne' }, 'choice').op).toBe('not_in');
    expect(fitting(row, 'text')).toEqual(row);
    expect(operatorsFor({ ...row, op: 'under' }, 'choice')).toContain('under');
    expect(operatorsFor({ ...row, op: '' }, 'choice')).toEqual(['in', 'not_in', 'is_empty', 'not_empty']);
  });
  it('are not dropped in silence once they were begun', () => {
    const row = (field: string, op: string, value: string) => isUnfinished({ field, op, value }, kindOf);
    expect(row('', '', '')).toBe(false);
    expect(row('title', 'contains', ' ')).toBe(true);
    expect(row('title', 'is_empty', '')).toBe(false);
    expect(row('title', 'contains', 'x')).toBe(false);
    expect(row('opened_at', 'after', 'some day')).toBe(true);
  });
  it('are not shown when their shape is another', () => {
    expect(read({ not: { field: 'title', op: 'eq', value: 'x' } })).toBeUndefined();
    expect(read({ all: [{ any: [{ all: [] }] }] })).toBeUndefined();
    expect(parse('{')).toBeUndefined();
  });
});
