import { describe, expect, it } from 'vitest';
import { emptyLive, flush, idle, listPause, parse, receive } from './live';

const known = [
  { id: 'a', type: 't', number: 'T-1', version: 3 },
  { id: 'b', type: 't', number: 'T-2', version: 9 },
];
const event = (id: string, version: number) => ({ topic: 'record', id, version });

describe('live updates', () => {
  it('reads a changed record again, once, at its newest version', () => {
    let state = receive(emptyLive, event('a', 4), 1000);
    state = receive(state, event('a', 5), 1001);
    const [after, refresh] = flush(state, known, 10_000);
    expect(refresh).toEqual({
      all: false,
      lists: true,
      notices: false,
      records: [{ id: 'a', type: 't', number: 'T-1' }],
    });
    expect(idle(after)).toBe(true);
  });
  it('skips what the cache already has: the echo of our own write', () => {
    const [, refresh] = flush(receive(emptyLive, event('b', 9), 0), known, 10_000);
    expect(refresh.records).toEqual([]);
  });
  it('ignores records nobody looks at, but reads the lists', () => {
    const [, refresh] = flush(receive(emptyLive, event('z', 1), 0), known, 10_000);
    expect(refresh).toEqual({ all: false, lists: true, notices: false, records: [] });
  });
  it('reads lists at most once per pause, and does not forget', () => {
    let [state, refresh] = flush(receive(emptyLive, event('z', 1), 0), known, 10_000);
    expect(refresh.lists).toBe(true);
    [state, refresh] = flush(receive(state, event('z', 2), 10_100), known, 10_200);
    expect(refresh.lists).toBe(false);
    expect(idle(state)).toBe(false);
    [state, refresh] = flush(state, known, 10_000 + listPause);
    expect(refresh.lists).toBe(true);
    expect(idle(state)).toBe(true);
  });
  it('reads everything after a reset', () => {
    const [state, refresh] = flush(
      receive(receive(emptyLive, event('a', 4), 0), { topic: 'reset' }, 1),
      known,
      5000,
    );
    expect(refresh.all).toBe(true);
    expect(idle(state)).toBe(true);
  });
  it('does not break on what it cannot read', () => {
    expect(parse('nonsense')).toBeNull();
    expect(parse('{"topic":"record"}')).toBeNull();
    expect(parse('{"topic":"record","id":"a","version":2}')).toEqual(event('a', 2));
    expect(parse('{"topic":"reset"}')).toEqual({ topic: 'reset' });
  });
  it('reads notices at most once per pause, and nothing else for them', () => {
    const notice = { topic: 'notice', id: 'me', version: 0 };
    let [state, refresh] = flush(receive(emptyLive, notice, 0), known, 10_000);
    expect(refresh).toEqual({ all: false, lists: false, notices: true, records: [] });
    [state, refresh] = flush(receive(state, notice, 10_100), known, 10_200);
    expect(refresh.notices).toBe(false);
    [state, refresh] = flush(state, known, 10_000 + listPause);
    expect(refresh.notices).toBe(true);
    expect(idle(state)).toBe(true);
  });
});
