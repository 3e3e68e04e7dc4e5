// Live updates: one event stream per browser (the tab holding the lock passes events on), read
// into the pure reducer of `live.ts`, which says what to fetch again.
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { WorkRecord } from '../../api/types';
import { emptyLive, flush, idle, type Known, type LiveEvent, parse, receive } from './live';

const tick = 400;

function knownRecords(client: QueryClient): Known[] {
  const found = client.getQueryCache().findAll({ queryKey: ['record'] });
  return found.flatMap((query) => {
    const data = query.queryKey.length === 3 ? (query.state.data as WorkRecord | undefined) : undefined;
    return data ? [{ id: data.id, type: data.type, number: data.number, version: data.version }] : [];
  });
}

/** Marks elements `data-live="<id>"` for one glow. */
function glow(ids: string[]) {
  for (const id of ids) {
    for (const element of document.querySelectorAll<HTMLElement>(`[data-live="${CSS.escape(id)}"]`)) {
      element.classList.remove('glow');
      void element.offsetWidth;
      element.classList.add('glow');
    }
  }
}

function connect(tell: (event: LiveEvent) => void): () => void {
  let source: EventSource | undefined;
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('yuheng.live');
  const end = new AbortController();
  const pass = (event: LiveEvent) => {
    // What was on its way when the page went is nobody's any more.
    if (end.signal.aborted) return;
    tell(event);
    channel?.postMessage(event);
  };
  if (channel) channel.onmessage = (message) => tell(message.data as LiveEvent);
  const listen = () => {
    let opened = false;
    source = new EventSource('/api/v1/live');
    source.onmessage = (message) => {
      const event = parse(message.data);
      if (event) pass(event);
    };
    source.addEventListener('reset', () => pass({ topic: 'reset' }));
    // After a break nobody knows what was missed.
    source.onopen = () => {
      if (opened) pass({ topic: 'reset' });
      opened = true;
    };
  };
  if (navigator.locks && channel) {
    navigator.locks
      .request('yuheng.live', { signal: end.signal }, () => {
        listen();
        return new Promise<void>((done) => end.signal.addEventListener('abort', () => done()));
      })
      .catch(() => {});
  } else {
    listen();
  }
  return () => {
    end.abort();
    source?.close();
    channel?.close();
  };
}

export function useLive() {
  const client = useQueryClient();
  useEffect(() => {
    let state = emptyLive;
    let touched: string[] = [];
    const work = () => {
      if (document.hidden || idle(state)) return;
      const ids = Object.keys(state.pending);
      const [next, refresh] = flush(state, knownRecords(client), Date.now());
      state = next;
      touched = [...new Set([...touched, ...ids])];
      if (refresh.all) void client.invalidateQueries();
      if (refresh.notices) {
        void client.invalidateQueries({ queryKey: ['notices'] });
        void client.invalidateQueries({ queryKey: ['reminders'] });
      }
      const waits = refresh.records.map((it) =>
        client.invalidateQueries({ queryKey: ['record', it.type, it.number] }).then(() => glow([it.id])),
      );
      if (refresh.lists) {
        const glowing = touched;
        touched = [];
        waits.push(
          Promise.all([
            client.invalidateQueries({ queryKey: ['records'] }),
            client.invalidateQueries({ queryKey: ['tasks'] }),
            client.invalidateQueries({ queryKey: ['counters'] }),
            client.invalidateQueries({ predicate: (query) => query.queryKey[3] === 'children' }),
          ]).then(() => glow(glowing)),
        );
      }
      void Promise.all(waits);
    };
    const close = connect((event) => {
      if (event.topic === 'announcement') {
        void client.invalidateQueries({ queryKey: ['announcements'] });
        void client.invalidateQueries({ queryKey: ['hints'] });
      }
      state = receive(state, event, Date.now());
    });
    const timer = setInterval(work, tick);
    document.addEventListener('visibilitychange', work);
    return () => {
      close();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', work);
    };
  }, [client]);
}
