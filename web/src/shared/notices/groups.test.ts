import { expect, it } from 'vitest';
import type { Notice } from '../../api/types';
import { groupNotices, wordOf } from './groups';

const notice = (number: string, second: number, more: Partial<Notice> = {}): Notice => ({
  record: { type: 't', number, title: number, phase: 'active', state_label: 'At work' },
  about: 'watched',
  kind: 'commented',
  by: null,
  at: `2026-01-01T00:00:0${second}Z`,
  seen: false,
  ...more,
});

it('puts notices of one record together, the newest record first', () => {
  const groups = groupNotices([notice('A', 3), notice('B', 7), notice('A', 2, { seen: true })]);
  expect(
    groups.map((it) => [it.record.number, it.items.map((one) => Number(one.at.at(-2))), it.unseen]),
  ).toEqual([
    ['A', [3, 2], 1],
    ['B', [7], 1],
  ]);
});
it('says why before what', () => {
  expect(wordOf(notice('A', 1, { about: 'mentioned' }))).toBe('notices:about_mentioned');
  expect(wordOf(notice('A', 1))).toBe('notices:did_commented');
  const solved = notice('A', 1, { about: 'own', kind: 'completed' });
  expect(wordOf(solved)).toBe('notices:did_completed');
  expect(wordOf({ ...solved, record: { ...solved.record, phase: 'resolved' } })).toBe(
    'notices:about_own_resolved',
  );
});
