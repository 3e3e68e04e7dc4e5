import { describe, expect, it } from 'vitest';
import type { Pack, RecordItem, TimelineItem } from '../../api/types';
import { conversationOf, inPlainWords, progressOf, waitsFor, waitsForAnswer } from './words';

const person = (label: string) => ({ id: label, key: label, label });
const record = (more: Partial<RecordItem>) =>
  ({ phase: 'active', opened_at: 'o', responded_at: 'r', team: person('Desk'), ...more }) as RecordItem;
const t = ((key: string, values?: object) =>
  [key, ...Object.values(values ?? {})].join(' ')) as unknown as Parameters<typeof inPlainWords>[1];
const pack = {
  reasons: { hold: [{ key: 'parts', label: 'Waiting for parts' }] },
  asks_requester: ['answer'],
  states: [
    { key: 'solved', label: 'Solved', phase: 'resolved' },
    { key: 'work', label: 'At work', phase: 'active' },
  ],
} as unknown as Pack;

describe('where a request stands', () => {
  const states = (it: RecordItem) => progressOf(it).map((step) => step.state);
  it('is not accepted before somebody has it, whatever was done with it before', () => {
    expect(states(record({}))).toEqual(['done', 'now', 'ahead', 'ahead']);
    expect(states(record({ assignee: person('Li') }))).toEqual(['done', 'done', 'now', 'ahead']);
    expect(inPlainWords(record({}), t)).toBe('portal:word_new_team Desk');
  });
  it('says what it waits for, and that it waits for you', () => {
    const held = (reason: string) => record({ phase: 'waiting', fields: { hold_reason: reason } });
    expect(inPlainWords(held('parts'), t, pack)).toBe('portal:word_waiting_why Waiting for parts');
    expect(inPlainWords(held('answer'), t, pack)).toBe('portal:word_waiting_you');
    expect(waitsForAnswer({ ...held('answer'), phase: 'active' }, pack)).toBe(false);
    const now = (it: RecordItem) =>
      progressOf(it)
        .filter((step) => step.state === 'now')
        .map((step) => waitsFor(step, it, pack));
    expect(now(held('answer'))).toEqual(['asked']);
    expect(now(held('parts'))).toEqual(['waiting']);
    expect(now(record({}))).toEqual(['responded']);
  });
});

describe('the conversation', () => {
  const entry = (kind: string, by: string, more: object = {}) =>
    ({
      kind,
      actor: person(by),
      body: null,
      attachments: [],
      changes: [],
      ...more,
    }) as unknown as TimelineItem;
  const moved = (state: string, more: object[] = []) => ({
    changes: [{ field: 'state', new: state }, { field: 'tier', new: '2' }, ...more],
  });
  it('tells of the reopening and its reason, of the solution, and not of the steps between', () => {
    const why = { field: 'reopen_reason', new: 'again' };
    const found = conversationOf(
      [
        entry('completed', 'desk', moved('work')),
        entry('commented', 'li', { body: 'looking' }),
        entry('completed', 'li', moved('solved')),
        entry('completed', 'me', moved('work', [why])),
        entry('edited', 'li', moved('work')),
        entry('held', 'li', moved('wait')),
      ],
      'me',
      pack.states,
    );
    expect(found.map((it) => [it.kind, it.actor?.key])).toEqual([
      ['commented', 'li'],
      ['completed', 'li'],
      ['completed', 'me'],
      ['held', 'li'],
    ]);
    expect(found.map((it) => it.changes)).toEqual([[], [], [why], []]);
  });
});
