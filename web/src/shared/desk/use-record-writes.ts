// Writing to one record: what goes out, what the cache must read again, and what a conflict means.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { api, call } from '../../api/client';
import type { Visibility, WorkRecord } from '../../api/types';
import { keys } from '../lib/queries';

export interface RecordId {
  type: string;
  number: string;
}

const seen = (version: number) => ({ 'If-Match': `"${version}"` });

export function useRecordWrites({ type, number }: RecordId) {
  const client = useQueryClient();
  const path = useMemo(() => ({ type, number }), [type, number]);

  /** Take the server's new record at once and read everything that hangs on it again. */
  const settle = useCallback(
    async (record?: WorkRecord) => {
      const key = keys.record(type, number);
      if (record) client.setQueryData(key, record);
      await Promise.all([
        client.invalidateQueries({
          queryKey: key,
          predicate: (query) => !record || query.queryKey.length > key.length,
        }),
        client.invalidateQueries({ queryKey: ['records'] }),
        client.invalidateQueries({ queryKey: ['tasks'] }),
      ]);
    },
    [client, type, number],
  );

  const act = useCallback(
    async (action: string, fields: Record<string, unknown>, version?: number, withChildren = false) => {
      const record = await call<WorkRecord>(
        api.POST('/api/v1/records/{type}/{number}/actions/{action}', {
          params: { path: { ...path, action } },
          headers: version === undefined ? {} : seen(version),
          body: { fields: fields as never, with_children: withChildren },
        }),
      );
      await settle(record);
      return record;
    },
    [path, settle],
  );

  const patch = useCallback(
    async (changes: Record<string, unknown>, version: number) => {
      const record = await call<WorkRecord>(
        api.PATCH('/api/v1/records/{type}/{number}', {
          params: { path, header: seen(version) },
          body: changes as never,
        }),
      );
      await settle(record);
      return record;
    },
    [path, settle],
  );

  const comment = useCallback(
    async (body: string, visibility: Visibility, mentions: string[] = []) => {
      await call(
        api.POST('/api/v1/records/{type}/{number}/comments', {
          params: { path },
          body: { body, visibility, mentions },
        }),
      );
      await settle();
    },
    [path, settle],
  );

  return { act, patch, comment, settle };
}
