import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import { api, call } from '../../api/client';
import { serverState } from '../../api/server-state';
import type { Ref } from '../../api/types';
import type { RecordId } from '../../shared/desk/use-record-writes';

/** How often the server is told that the page is still looked at; oftener while somebody else looks, who may begin to write. */
const beat = 15_000;
const together = 5_000;

export interface Present {
  user: Ref;
  typing: boolean;
}

/** Tells that this record is looked at, and who else does, if the reader may. Nothing is said while the server takes no writes. */
export function usePresence({ type, number }: RecordId, may: boolean) {
  const typing = useRef(false);
  const takesWrites = useSyncExternalStore(
    serverState.subscribe,
    () => serverState.get().mode === 'normal' && serverState.get().reachable,
  );
  const { data, refetch } = useQuery({
    queryKey: ['presence', type, number],
    queryFn: () =>
      call<{ others: Present[] }>(
        api.PUT('/api/v1/records/{type}/{number}/presence', {
          params: { path: { type, number } },
          body: { typing: typing.current },
        }),
      ),
    enabled: may && takesWrites,
    refetchInterval: (query) => (query.state.data?.others.length ? together : beat),
    refetchOnWindowFocus: true,
    retry: false,
    gcTime: 0,
    staleTime: 0,
  });
  useEffect(() => {
    if (!may) return;
    const leave = () => {
      // After signing out there is nobody left who could leave.
      if (!serverState.get().reachable || location.pathname === '/sign-in') return;
      void api
        .DELETE('/api/v1/records/{type}/{number}/presence', {
          params: { path: { type, number } },
          keepalive: true,
        })
        .catch(() => undefined);
    };
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, [type, number, may]);
  const onTyping = useCallback(
    (on: boolean) => {
      if (typing.current === on) return;
      typing.current = on;
      if (may && takesWrites) void refetch({ cancelRefetch: false });
    },
    [refetch, takesWrites, may],
  );
  return { others: data?.others ?? [], onTyping };
}
