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

/** The time, taken at each render; one timer draws the whole page again when nothing else does. */
export function useNow(): number {
  useSyncExternalStore(subscribe, () => now);
  return Date.now();
}
