// What a stream of live events asks to be read again. Pure: events and the time go in, a list of
// query keys to refresh comes out; `use-live.ts` does the I/O.

export type LiveEvent = { topic: string; id: string; version: number } | { topic: 'reset' };

export interface Known {
  id: string;
  type: string;
  number: string;
  version: number;
}

export interface LiveState {
  /** Newest version heard of, by record id. */
  pending: Record<string, number>;
  reset: boolean;
  /** Lists are out of date since this moment. */
  listsSince: number | null;
  listsAt: number;
  /** What concerns the person is out of date since this moment. */
  noticesSince: number | null;
  noticesAt: number;
}

export const emptyLive: LiveState = {
  pending: {},
  reset: false,
  listsSince: null,
  listsAt: 0,
  noticesSince: null,
  noticesAt: 0,
};
/** Lists and notices are read again at most this often: forty agents watch the same queue. */
export const listPause = 3000;

export function receive(state: LiveState, event: LiveEvent, now: number): LiveState {
  if (event.topic === 'reset') return { ...state, reset: true };
  if (!('id' in event)) return state;
  // Announcements are few: whoever shows them reads them at once.
  if (event.topic === 'announcement') return state;
  // A notice names the person, not a record.
  if (event.topic === 'notice') return { ...state, noticesSince: state.noticesSince ?? now };
  const heard = Math.max(state.pending[event.id] ?? 0, event.version);
  return {
    ...state,
    pending: { ...state.pending, [event.id]: heard },
    listsSince: state.listsSince ?? now,
  };
}

export interface Refresh {
  all: boolean;
  lists: boolean;
  notices: boolean;
  records: { type: string; number: string; id: string }[];
}

/** What to read now, and the state that remains. Records the cache already has are skipped. */
export function flush(state: LiveState, known: Known[], now: number): [LiveState, Refresh] {
  if (state.reset) {
    return [
      { ...emptyLive, listsAt: now, noticesAt: now },
      { all: true, lists: true, notices: true, records: [] },
    ];
  }
  const records = known
    .filter((it) => (state.pending[it.id] ?? 0) > it.version)
    .map(({ id, type, number }) => ({ id, type, number }));
  const lists = state.listsSince !== null && now - state.listsAt >= listPause;
  const notices = state.noticesSince !== null && now - state.noticesAt >= listPause;
  return [
    {
      pending: {},
      reset: false,
      listsSince: lists ? null : state.listsSince,
      listsAt: lists ? now : state.listsAt,
      noticesSince: notices ? null : state.noticesSince,
      noticesAt: notices ? now : state.noticesAt,
    },
    { all: false, lists, notices, records },
  ];
}

export const idle = (state: LiveState) =>
  !state.reset &&
  state.listsSince === null &&
  state.noticesSince === null &&
  Object.keys(state.pending).length === 0;

export function parse(data: string): LiveEvent | null {
  try {
    const it = JSON.parse(data) as Record<string, unknown>;
    if (it.topic === 'reset') return { topic: 'reset' };
    return typeof it.topic === 'string' && typeof it.id === 'string' && typeof it.version === 'number'
      ? { topic: it.topic, id: it.id, version: it.version }
      : null;
  } catch {
    return null;
  }
}
