import { useRouter, useRouterState } from '@tanstack/react-router';
import { useCallback } from 'react';
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
 * it open is none, so that Back does not walk through every row.
 */
export function usePeek(shown: string | undefined, navigate: Navigate) {
  const { history } = useRouter();
  const peeked = useRouterState({ select: (it) => it.location.state.peeked === true });
  return useCallback(
    (name: string | undefined) => {
      if (name === shown) return;
      if (name === undefined && peeked) return history.back();
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
