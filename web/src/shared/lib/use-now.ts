import { useSyncExternalStore } from 'react';

let now = Date.now();
const watchers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(watch: () => void) {
  if (!timer) now = Date.now();
  watchers.add(watch);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of watchers) each();
  }, 20_000);
  return () => {
    watchers.delete(watch);
    if (watchers.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time, fresh enough for minutes; one timer serves the whole page. */
export const useNow = () => useSyncExternalStore(subscribe, () => now);
