// What is read of the system itself: its settings, its words, what leaves it.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { OutboxMessage, Page, Setting, Words } from '../../api/types';

/** What things are called here: levels of priority, and words to choose from. */
export const wordsQuery = queryOptions({
  queryKey: ['words'],
  queryFn: () => call<Words>(api.GET('/api/v1/words')),
  staleTime: 10 * 60_000,
});

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: () => call<Page<Setting>>(api.GET('/api/v1/settings', { params: { query: { limit: 200 } } })),
});

export const outboxStates = ['waiting', 'held', 'sending', 'sent', 'uncertain', 'failed', 'dropped'] as const;
export type OutboxState = (typeof outboxStates)[number];
/** What leaves the system, newest first. */
export const outboxQuery = (state: OutboxState | undefined, limit = 50) =>
  infiniteQueryOptions({
    queryKey: ['outbox', state, limit],
    queryFn: ({ pageParam }) =>
      call<Page<OutboxMessage>>(
        api.GET('/api/v1/outbox', { params: { query: { state, limit, cursor: pageParam } } }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 5000,
  });
