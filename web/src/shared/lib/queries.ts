// Every read of the server, as options for the query cache. Keys start with what is read, so
// that a live event can find them: ['record', type, number, part], ['records', type, filter].
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, call, setCsrf } from '../../api/client';
import type {
  Action,
  Attachment,
  ChildList,
  Counters,
  Entry,
  Flow,
  Grant,
  Info,
  Job,
  JobRow,
  LinkItem,
  Me,
  Pack,
  Page,
  RecordItem,
  RecordOrder,
  Ref,
  Session,
  Task,
  TimelineItem,
  User,
  View,
  WorkRecord,
} from '../../api/types';
import { setWords } from '../i18n/words';
import type { EntryKind } from './entry-kind';
import { takePreferences } from './kept-preferences';

export interface RecordFilter {
  state?: string;
  team?: string;
  assignee?: string;
  priority?: string;
  requester?: string;
  q?: string;
  /** A condition, as JSON text. */
  filter?: string;
  /** Own fields that rows show, separated with commas. */
  fields?: string;
  sort?: string;
}

export const keys = {
  record: (type: string, number: string) => ['record', type, number] as const,
  records: (type: string, filter: RecordFilter) => ['records', type, filter] as const,
  tasks: (filter: object) => ['tasks', filter] as const,
};

const minute = 60_000;
const nextOf = (page: { next?: string | null }) => page.next ?? undefined;
const first = undefined as string | undefined;

export const infoQuery = queryOptions({
  queryKey: ['info'],
  queryFn: () => call<Info>(api.GET('/api/v1/info')),
  staleTime: Number.POSITIVE_INFINITY,
});

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async () => {
    const me = await call<Me>(api.GET('/api/v1/me'));
    setCsrf(me.csrf ?? '');
    takePreferences(me);
    setWords(me.words);
    return me;
  },
  staleTime: 5 * minute,
});

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: () => call<{ items: Session[] }>(api.GET('/api/v1/sessions')),
});

export const packsQuery = queryOptions({
  queryKey: ['packs'],
  queryFn: () => call<{ items: (Ref & { version: number })[] }>(api.GET('/api/v1/packs')),
  staleTime: 10 * minute,
});

export const packQuery = (type: string) =>
  queryOptions({
    queryKey: ['packs', type],
    queryFn: () => call<Pack>(api.GET('/api/v1/packs/{type}', { params: { path: { type } } })),
    staleTime: 10 * minute,
    enabled: type !== '',
  });

export const recordQuery = (type: string, number: string) =>
  queryOptions({
    queryKey: keys.record(type, number),
    queryFn: () =>
      call<WorkRecord>(api.GET('/api/v1/records/{type}/{number}', { params: { path: { type, number } } })),
  });

export const actionsQuery = (type: string, number: string) =>
  queryOptions({
    queryKey: [...keys.record(type, number), 'actions'],
    queryFn: () =>
      call<{ items: Action[] }>(
        api.GET('/api/v1/records/{type}/{number}/actions', { params: { path: { type, number } } }),
      ),
  });

/** The whole journal in the order it was written; long ones come page by page behind the scenes. */
export const timelineQuery = (type: string, number: string) =>
  queryOptions({
    queryKey: [...keys.record(type, number), 'timeline'],
    queryFn: async () => {
      const items: TimelineItem[] = [];
      let cursor: string | undefined;
      do {
        const page: Page<TimelineItem> = await call<Page<TimelineItem>>(
          api.GET('/api/v1/records/{type}/{number}/timeline', {
            params: { path: { type, number }, query: { limit: 200, cursor } },
          }),
        );
        items.push(...page.items);
        cursor = nextOf(page);
      } while (cursor && items.length < 2000);
      return items.sort((a, b) => a.seq - b.seq);
    },
  });

export const attachmentsQuery = (type: string, number: string) =>
  queryOptions({
    queryKey: [...keys.record(type, number), 'attachments'],
    queryFn: () =>
      call<{ items: Attachment[] }>(
        api.GET('/api/v1/records/{type}/{number}/attachments', { params: { path: { type, number } } }),
      ),
  });

export const linksQuery = (type: string, number: string) =>
  queryOptions({
    queryKey: [...keys.record(type, number), 'links'],
    queryFn: () =>
      call<{ items: LinkItem[] }>(
        api.GET('/api/v1/records/{type}/{number}/links', { params: { path: { type, number } } }),
      ),
  });

/** What hangs below a record and repeats it. */
export const childrenQuery = (type: string, number: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.record(type, number), 'children'],
    queryFn: ({ pageParam }) =>
      call<ChildList>(
        api.GET('/api/v1/records/{type}/{number}/children', {
          params: { path: { type, number }, query: { limit: 100, cursor: pageParam } },
        }),
      ),
    initialPageParam: first,
    getNextPageParam: nextOf,
  });

export const flowQuery = (type: string, number: string) =>
  queryOptions({
    queryKey: [...keys.record(type, number), 'flow'],
    queryFn: () =>
      call<Flow>(api.GET('/api/v1/records/{type}/{number}/flow', { params: { path: { type, number } } })),
  });

/** The order stands in the address, where anything may stand: the server says what it knows. */
const orderOf = (filter: RecordFilter) => filter.sort as RecordOrder;

export const recordsQuery = (type: string, filter: RecordFilter, limit = 50) =>
  infiniteQueryOptions({
    queryKey: [...keys.records(type, filter), limit],
    queryFn: ({ pageParam }) =>
      call<Page<RecordItem>>(
        api.GET('/api/v1/records/{type}', {
          params: { path: { type }, query: { ...filter, sort: orderOf(filter), limit, cursor: pageParam } },
        }),
      ),
    initialPageParam: first,
    getNextPageParam: nextOf,
    placeholderData: keepPreviousData,
    enabled: type !== '',
  });

export const tasksQuery = (filter: { mine?: true; team?: string; sort?: 'urgency' }, limit = 100) =>
  infiniteQueryOptions({
    queryKey: [...keys.tasks(filter), limit],
    queryFn: ({ pageParam }) =>
      call<Page<Task>>(
        api.GET('/api/v1/tasks', { params: { query: { ...filter, limit, cursor: pageParam } } }),
      ),
    initialPageParam: first,
    getNextPageParam: nextOf,
  });

export type { EntryKind };
export type Directory = 'users' | EntryKind;

export const directoryQuery = (kind: Directory, q = '', limit = 50) =>
  queryOptions({
    queryKey: ['directory', kind, q, limit],
    queryFn: async () => {
      const params = { query: { q: q || undefined, limit } };
      return call<Page<User | Entry>>(api.GET(`/api/v1/${kind}`, { params }));
    },
    staleTime: minute,
    placeholderData: keepPreviousData,
  });

export const entriesQuery = (kind: EntryKind, q: string, limit = 100) =>
  infiniteQueryOptions({
    queryKey: ['entries', kind, q, limit],
    queryFn: ({ pageParam }) =>
      call<Page<Entry>>(
        api.GET(`/api/v1/${kind}`, { params: { query: { q: q || undefined, limit, cursor: pageParam } } }),
      ),
    initialPageParam: first,
    getNextPageParam: nextOf,
    placeholderData: keepPreviousData,
  });

export const entryQuery = (kind: EntryKind, key: string) =>
  queryOptions({
    queryKey: ['entries', kind, 'one', key],
    queryFn: () => call<Entry>(api.GET(`/api/v1/${kind}/{key}`, { params: { path: { key } } })),
    enabled: key !== '',
  });

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: ['users', 'one', id],
    queryFn: () => call<User>(api.GET('/api/v1/users/{id}', { params: { path: { id } } })),
    enabled: id !== '',
  });

export const grantsQuery = queryOptions({
  queryKey: ['grants'],
  queryFn: () => call<{ items: Grant[] }>(api.GET('/api/v1/grants')),
  staleTime: 10 * minute,
});

export const usersQuery = (q: string, limit = 50) =>
  infiniteQueryOptions({
    queryKey: ['users', q, limit],
    queryFn: ({ pageParam }) =>
      call<Page<User>>(
        api.GET('/api/v1/users', { params: { query: { q: q || undefined, limit, cursor: pageParam } } }),
      ),
    initialPageParam: first,
    getNextPageParam: nextOf,
    placeholderData: keepPreviousData,
  });

export const jobsQuery = (limit = 50) =>
  infiniteQueryOptions({
    queryKey: ['jobs', limit],
    queryFn: ({ pageParam }) =>
      call<Page<Job>>(api.GET('/api/v1/jobs', { params: { query: { limit, cursor: pageParam } } })),
    initialPageParam: first,
    getNextPageParam: nextOf,
    refetchInterval: 5000,
  });

/** The saved lists that the person sees: a hundred of their own at most, and what others share. */
export const viewsQuery = queryOptions({
  queryKey: ['views'],
  queryFn: () => call<Page<View>>(api.GET('/api/v1/views', { params: { query: { limit: 200 } } })),
  staleTime: minute,
});

export const countersQuery = queryOptions({
  queryKey: ['counters'],
  queryFn: () => call<Counters>(api.GET('/api/v1/counters')),
  staleTime: 30_000,
});

/** A job until it has ended, and its results. */
export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ['jobs', id],
    queryFn: () => call<Job>(api.GET('/api/v1/jobs/{id}', { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data?.ended_at ? false : 700),
  });

export const jobRowsQuery = (id: string, count: number) =>
  queryOptions({
    queryKey: ['jobs', id, 'rows', count],
    queryFn: () =>
      call<Page<JobRow>>(
        api.GET('/api/v1/jobs/{id}/rows', { params: { path: { id }, query: { limit: 200 } } }),
      ),
    placeholderData: keepPreviousData,
  });
