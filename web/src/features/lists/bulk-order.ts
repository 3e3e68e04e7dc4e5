// What is to be done to many records, and what would come of it.
import { queryOptions } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import { ApiError } from '../../api/error';
import type { BulkPreview } from '../../api/types';

export interface BulkOrder {
  /** The verb. */
  label: string;
  /** The names of what it asks for. */
  labels: Record<string, string>;
  body: { action: string; fields: Record<string, unknown> };
}

export const sendOrder = <T>(type: string, order: BulkOrder, preview: boolean) =>
  call<T>(
    api.POST('/api/v1/records/{type}/bulk', {
      params: { path: { type } },
      body: { ...order.body, preview } as never,
    }),
  );

export const bulkPreviewQuery = (type: string, order: BulkOrder) =>
  queryOptions({
    queryKey: ['bulk', type, order],
    queryFn: () => sendOrder<BulkPreview>(type, order, true),
    retry: false,
    // What it would come to now: a moment later it may be something else.
    gcTime: 10_000,
    staleTime: 2_000,
  });

type Looked = Pick<BulkPreview, 'total' | 'items'>;

/**
 * The refusal that all of them share because of what was entered, such as a reason that is missing: it is said beside its field
 * before anything else. None where any of them takes it, or where it lies with the records.
 */
export function refusalOfAll({ total, items }: Looked): ApiError | undefined {
  const [first] = items;
  if (!first || items.length < total) return undefined;
  const said = (it: Looked['items'][number]) => (it.code === 'invalid' ? JSON.stringify(it.errors) : '');
  if (said(first) === '' || items.some((it) => it.open || said(it) !== said(first))) return undefined;
  return new ApiError(422, {
    status: 422,
    code: 'invalid',
    detail: first.reason ?? '',
    errors: first.errors,
  });
}

/** What a record gets beside changed fields, by the words of an order. */
export function given({ action, fields }: BulkOrder['body']): 'note' | 'reply' | 'link' | undefined {
  if (action === 'comment') return fields.visibility === 'public' ? 'reply' : 'note';
  return action === 'link' ? 'link' : undefined;
}
