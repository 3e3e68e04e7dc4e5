// What concerns the person, and what they are to see to.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { NoticeList, Page, ReminderItem } from '../../api/types';

const often = 5 * 60_000;

/** What was not seen, as far as it is counted. Live events say when there is more. */
export const unseenQuery = queryOptions({
  queryKey: ['notices', 'unseen'],
  queryFn: () =>
    call<NoticeList>(api.GET('/api/v1/notices', { params: { query: { unseen: true, limit: 100 } } })),
  staleTime: 60_000,
  refetchInterval: often,
});

export const noticesQuery = infiniteQueryOptions({
  queryKey: ['notices', 'all'],
  queryFn: ({ pageParam }) =>
    call<NoticeList>(api.GET('/api/v1/notices', { params: { query: { limit: 50, cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
});

/** One's own reminders and calls, or with `overdue` the calls of everybody that were not made in time. */
export const remindersQuery = (overdue: boolean) =>
  queryOptions({
    queryKey: ['reminders', overdue],
    queryFn: () =>
      call<Page<ReminderItem>>(
        api.GET('/api/v1/reminders', { params: { query: { overdue: overdue || undefined, limit: 50 } } }),
      ),
    refetchInterval: often,
  });
