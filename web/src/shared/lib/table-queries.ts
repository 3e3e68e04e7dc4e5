import { queryOptions } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { DecisionTables } from '../../api/types';

/** The decision tables of a type, with the version of the pack that they belong to. */
export const tablesQuery = (type: string) =>
  queryOptions({
    queryKey: ['tables', type],
    queryFn: () =>
      call<DecisionTables>(api.GET('/api/v1/packs/{type}/tables', { params: { path: { type } } })),
  });
