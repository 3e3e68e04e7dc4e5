// Filters live in the address, so that a list can be reloaded, bookmarked and sent to a colleague.
import type { RecordFilter } from './queries';

export interface ListSearch extends RecordFilter {
  type?: string;
  /** The record shown in the side panel, as type/number. */
  peek?: string;
}

const names = ['state', 'team', 'assignee', 'priority', 'requester', 'q', 'sort', 'type', 'peek'] as const;

export function listSearch(raw: Record<string, unknown>): ListSearch {
  const out: ListSearch = {};
  for (const name of names) {
    const value = raw[name];
    if (typeof value === 'string' && value !== '') out[name] = value;
    if (typeof value === 'number') out[name] = String(value);
  }
  return out;
}

/** The part of the address that the server filters by; `type` and `peek` are the page's own. */
export function filterOf(search: ListSearch): RecordFilter {
  const { type: _type, peek: _peek, ...filter } = listSearch(search as Record<string, unknown>);
  return filter;
}

/** A comma list of the address as an array, and back; empty is absent. */
export const split = (value: string | undefined) => (value ? value.split(',') : []);
export const joined = (values: string[]) => (values.length ? values.join(',') : undefined);
