// Which rows are selected: single ones, a stretch with shift, or all that the filter finds.
import { useEffect, useMemo, useState } from 'react';

export interface Selection {
  numbers: ReadonlySet<string>;
  /** All that the filter finds, also what is not loaded. */
  all: boolean;
  toggle: (number: string, stretch: boolean) => void;
  loaded: () => void;
  everything: () => void;
  clear: () => void;
}

/** The numbers after one was toggled; with `stretch` also those between it and the one before. */
export function toggled(
  before: ReadonlySet<string>,
  order: string[],
  number: string,
  last: string | undefined,
): Set<string> {
  const next = new Set(before);
  const on = !before.has(number);
  const from = last === undefined ? -1 : order.indexOf(last);
  const to = order.indexOf(number);
  const stretch = from < 0 ? [number] : order.slice(Math.min(from, to), Math.max(from, to) + 1);
  for (const it of stretch) on ? next.add(it) : next.delete(it);
  return next;
}

/** What of a selection is still in the list; the same set where nothing has left. */
export function remaining(numbers: ReadonlySet<string>, order: string[]): ReadonlySet<string> {
  const kept = order.filter((it) => numbers.has(it));
  return kept.length === numbers.size ? numbers : new Set(kept);
}

export function useSelection(order: string[]): Selection {
  const [chosen, setNumbers] = useState<ReadonlySet<string>>(new Set());
  // What has left the list is selected no more, and does not come back selected.
  const numbers = useMemo(() => remaining(chosen, order), [chosen, order]);
  useEffect(() => setNumbers(numbers), [numbers]);
  const [last, setLast] = useState<string>();
  const [all, setAll] = useState(false);
  return useMemo(
    () => ({
      numbers,
      all: all && numbers.size > 0,
      toggle: (number, stretch) => {
        setAll(false);
        setNumbers(toggled(numbers, order, number, stretch ? last : undefined));
        setLast(number);
      },
      loaded: () => {
        setAll(false);
        setNumbers(numbers.size === order.length ? new Set() : new Set(order));
      },
      everything: () => setAll(true),
      clear: () => {
        setAll(false);
        setNumbers(new Set());
      },
    }),
    [numbers, all, order, last],
  );
}
