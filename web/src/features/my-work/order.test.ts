import { expect, it } from 'vitest';
import type { Task } from '../../api/types';
import { heaps, nextOf } from './order';

const person = { id: 'p', key: 'p', label: 'P' };
const task = (id: string, priority: string, hour: number, more: Partial<Task> = {}): Task => ({
  id,
  record: {
    id,
    number: id,
    type: 't',
    title: id,
    priority,
    phase: 'active',
    state_label: '',
    requester: person,
    updated_at: '',
    state: 's',
  },
  activity: 'a',
  label: 'a',
  team: null,
  assignee: person,
  on_duty: null,
  opened_at: `2026-01-01T${String(hour).padStart(2, '0')}:00:00Z`,
  due_at: null,
  suspended: false,
  ...more,
});

it('sorts into heaps: due first, then priority, then the longest waiting', () => {
  const tasks = [
    task('late', 'p3', 9),
    task('old', 'p3', 7),
    task('urgent', 'p1', 10),
    task('due', 'p4', 10, { due_at: '2026-01-01T12:00:00Z' }),
    task('held', 'p1', 1, { suspended: true }),
    task('duty', 'p2', 8, { assignee: null }),
  ];
  const piles = heaps(tasks);
  expect(piles.work.map((it) => it.id)).toEqual(['due', 'urgent', 'old', 'late']);
  expect(piles.accept.map((it) => it.id)).toEqual(['duty']);
  expect(piles.hold.map((it) => it.id)).toEqual(['held']);
  expect(nextOf(piles)?.id).toBe('due');
  expect(nextOf({ accept: [], work: [], hold: piles.hold })).toBeUndefined();
});
