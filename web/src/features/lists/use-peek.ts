import { useRouter, useRouterState } from '@tanstack/react-router';
import { useCallback, useEffect, useRef } from 'react';
import type { ListSearch } from '../../shared/lib/list-search';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The side panel was opened from the entry before this one. */
    peeked?: boolean;
  }
}

type Navigate = (to: {
  search: (before: ListSearch) => ListSearch;
  state: { peeked?: boolean };
  replace: boolean;
  resetScroll: boolean;
}) => Promise<void>;

/**
 * The record in the side panel stands in the address. Opening the panel is a step that Back takes again; moving on in the list with
 * it open is none, so that Back does not walk through every row. Whoever filters with it open has another list behind it than the
 * one it was opened from: then closing it is no step back.
 */
export function usePeek(shown: string | undefined, navigate: Navigate) {
  const { history } = useRouter();
  const peeked = useRouterState({ select: (it) => it.location.state.peeked === true });
  // Going back takes a moment: a key that is held down must not leave the list.
  const leaving = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another panel, or none, is where it led
  useEffect(() => {
    leaving.current = false;
  }, [shown]);
  return useCallback(
    (name: string | undefined) => {
      if (name === shown) return;
      if (name === undefined && leaving.current) return;
      if (name === undefined && peeked) {
        leaving.current = true;
        return history.back();
      }
      void navigate({
        search: (before) => ({ ...before, peek: name }),
        state: { peeked: name !== undefined && (peeked || shown === undefined) },
        replace: shown !== undefined,
        resetScroll: false,
      });
    },
    [history, navigate, shown, peeked],
  );
}
