// A list that changes by itself must not move the row a person is about to click. While it is
// held, known rows keep their places (with fresh values), vanished rows stay, and new ones wait.

export interface Held<T> {
  rows: T[];
  /** New rows that wait until the list is let go. */
  waiting: number;
  gone: ReadonlySet<string>;
}

export function stableOrder<T extends { id: string }>(shown: T[], fresh: T[], held: boolean): Held<T> {
  if (!held || shown.length === 0) return { rows: fresh, waiting: 0, gone: new Set() };
  const now = new Map(fresh.map((it) => [it.id, it]));
  const before = new Set(shown.map((it) => it.id));
  const rows = shown.map((it) => now.get(it.id) ?? it);
  const lastKnown = fresh.findLastIndex((it) => before.has(it.id));
  // What follows the last known row is the next page, asked for by the person: show it.
  const added = fresh.slice(lastKnown + 1);
  const waiting = fresh.slice(0, lastKnown + 1).filter((it) => !before.has(it.id)).length;
  const gone = new Set(shown.filter((it) => !now.has(it.id)).map((it) => it.id));
  return lastKnown < 0 ? { rows, waiting: fresh.length, gone } : { rows: [...rows, ...added], waiting, gone };
}
