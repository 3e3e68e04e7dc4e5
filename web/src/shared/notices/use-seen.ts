import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { api, call } from '../../api/client';
import type { NoticeList } from '../../api/types';
import { unseenQuery } from './queries';

interface RecordId {
  type: string;
  number: string;
}

/** Notes that what concerned the person was seen: of one record, or all. */
export function useMarkSeen() {
  const client = useQueryClient();
  return useCallback(
    async (record?: RecordId) => {
      await call(api.POST('/api/v1/notices/seen', { body: { record } }));
      client.setQueryData<NoticeList>(unseenQuery.queryKey, (before) => {
        if (!before) return before;
        const other = (it: NoticeList['items'][number]) =>
          record && (it.record.number !== record.number || it.record.type !== record.type);
        const items = before.items.filter(other);
        return { ...before, items, unseen: items.length };
      });
      await client.invalidateQueries({ queryKey: ['notices'] });
    },
    [client],
  );
}

/** Whoever has a record before them has seen what is new on it; a page in the background is not before anybody. */
export function useSeen({ type, number }: RecordId) {
  const { data } = useQuery(unseenQuery);
  const mark = useMarkSeen();
  const newest = data?.items.find((it) => it.record.type === type && it.record.number === number)?.at;
  useEffect(() => {
    if (newest === undefined) return;
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener('visibilitychange', look);
      // That it was not noted is no news for the reader: the next look notes it.
      mark({ type, number }).catch(() => {});
    };
    document.addEventListener('visibilitychange', look);
    look();
    return () => document.removeEventListener('visibilitychange', look);
  }, [newest, type, number, mark]);
}
