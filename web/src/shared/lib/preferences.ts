// What this browser remembers about how the person likes to see things. `public/boot.js` reads
// the same entry before first paint; `kept-preferences.ts` keeps it with the account too.
import { useSyncExternalStore } from 'react';

/** How far a tour was taken: the next step, or that it is done with. */
export type TourSeen = number | 'done';

export interface Preferences {
  theme: 'system' | 'light' | 'dark';
  density: 'compact' | 'comfortable';
  language: string | null;
  rail: 'wide' | 'narrow';
  letterKeys: boolean;
  /** The saved list that queues begin with. */
  start: string | null;
  tours: Partial<Record<'requester' | 'agent' | 'administrator', TourSeen>>;
  /** Whose they are: the identity of who was signed in last. */
  of: string | null;
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
  of: null,
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
const choices = new Set<(change: Partial<Preferences>) => void>();
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
  /** The person chose. */
  set(change: Partial<Preferences>) {
    this.take(change);
    for (const tell of choices) tell(change);
  },
  /** What is known from elsewhere holds here too. */
  take(change: Partial<Preferences>) {
    const next = { ...current, ...change };
    if (JSON.stringify(next) === JSON.stringify(current)) return;
    current = next;
    try {
      localStorage.setItem(name, JSON.stringify(current));
    } catch {
      // A browser that keeps nothing still works, for this visit.
    }
    apply();
  },
  onChoice(tell: (change: Partial<Preferences>) => void) {
    choices.add(tell);
  },
  subscribe(watch: () => void) {
    watchers.add(watch);
    return () => watchers.delete(watch);
  },
};

export const usePreferences = () => useSyncExternalStore(preferences.subscribe, preferences.get);
