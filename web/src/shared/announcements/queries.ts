import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { Announcement, AnnouncementList, Hints } from '../../api/types';

const minute = 60_000;

/** How long until one begins or ends by itself; without any, now and then, should a live event be lost. */
export function pauseUntil(at: string | null | undefined, now: number): number {
  const left = at ? Date.parse(at) - now : Number.POSITIVE_INFINITY;
  return Math.min(5 * minute, Math.max(1000, left + 500));
}

/** What is in force for the reader. */
export const announcementsQuery = queryOptions({
  queryKey: ['announcements', 'current'],
  queryFn: () =>
    call<AnnouncementList>(api.GET('/api/v1/announcements', { params: { query: { limit: 200 } } })),
  staleTime: minute,
  refetchInterval: (query) => pauseUntil(query.state.data?.changes_at, Date.now()),
});

export const announcementQuery = (id: string) =>
  queryOptions({
    queryKey: ['announcements', 'one', id],
    queryFn: () => call<Announcement>(api.GET('/api/v1/announcements/{id}', { params: { path: { id } } })),
    enabled: id !== '',
  });

interface About {
  title: string;
  service?: string;
  site?: string;
  category?: string;
  /** `all` looks at every open record that the reader may read, not at their own alone. */
  whose?: string;
}

/** What may spare a report that is being written. */
export const hintsQuery = (about: About) =>
  queryOptions({
    queryKey: ['hints', about],
    queryFn: () => call<Hints>(api.GET('/api/v1/hints', { params: { query: { ...about } } })),
    enabled: about.title.length > 1 || about.service !== undefined,
    placeholderData: keepPreviousData,
    staleTime: minute,
  });
