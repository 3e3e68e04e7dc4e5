import { keepPreviousData, queryOptions } from '@tanstack/react-query';
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

/** What the person follows: what they have reported for colleagues among it. */
export const followedQuery = queryOptions({
  queryKey: ['records', 'followed'],
  queryFn: () => call<Page<RecordItem>>(api.GET('/api/v1/followed', { params: { query: { limit: 50 } } })),
});
