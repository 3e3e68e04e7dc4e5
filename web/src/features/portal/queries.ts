import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { Page, RecordItem, Ref } from '../../api/types';

/** The colleagues for whom the person may report. */
export const colleaguesQuery = (q: string) =>
  queryOptions({
    queryKey: ['colleagues', q],
    queryFn: () =>
      call<Page<Ref>>(api.GET('/api/v1/colleagues', { params: { query: { q: q || undefined } } })),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });

/** What the person has reported for colleagues and follows with them: what is open, or what has ended. */
export const reportedQuery = (filter: { open: boolean; q?: string }) =>
  infiniteQueryOptions({
    queryKey: ['records', 'followed', filter],
    queryFn: ({ pageParam }) => {
      const query = { ...filter, for_others: true, limit: 20, cursor: pageParam };
      return call<Page<RecordItem>>(api.GET('/api/v1/followed', { params: { query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
