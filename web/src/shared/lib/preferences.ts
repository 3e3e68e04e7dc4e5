// What this browser remembers about how the person likes to see things. `public/boot.js` reads
// the same entry before first paint.
import { useSyncExternalStore } from 'react';

export interface Preferences {
  theme: 'system' | 'light' | 'dark';
  density: 'compact' | 'comfortable';
  language: string | null;
  rail: 'wide' | 'narrow';
  letterKeys: boolean;
  /** The saved list that queues begin with. */
  start: string | null;
  /** How far each tour was taken: the next step, or that it is done with. */
  tours: Partial<Record<'requester' | 'agent' | 'administrator', number | 'done'>>;
}

const name = 'yuheng.preferences';
const initial: Preferences = {
  theme: 'system',
  density: 'compact',
  language: null,
  rail: 'wide',
  letterKeys: true,
  start: null,
  tours: {},
};

function read(): Preferences {
  try {
    return { ...initial, ...JSON.parse(localStorage.getItem(name) ?? '{}') };
  } catch {
    return initial;
  }
}

let current = read();
const watchers = new Set<() => void>();
const system = globalThis.matchMedia?.('(prefers-color-scheme: dark)');

export const isDark = (it: Preferences) =>
  it.theme === 'dark' || (it.theme === 'system' && !!system?.matches);

function apply() {
  const root = document.documentElement;
  root.dataset.theme = isDark(current) ? 'dark' : 'light';
  root.dataset.density = current.density;
  for (const watch of watchers) watch();
}
system?.addEventListener('change', () => {
  current = { ...current };
  apply();
});

export const preferences = {
  get: () => current,
  set(change: Partial<Preferences>) {
    current = { ...current, ...change };
    try {
      localStorage.setItem(name, JSON.stringify(current));
    } catch {
      // A browser that keeps nothing still works, for this visit.
    }
    apply();
  },
  subscribe(watch: () => void) {
    watchers.add(watch);
    return () => watchers.delete(watch);
  },
};

export const usePreferences = () => useSyncExternalStore(preferences.subscribe, preferences.get);
