// Filters live in the address, so that a list can be reloaded, bookmarked and sent to a colleague.
import type { RecordFilter } from './queries';

export interface ListSearch extends RecordFilter {
  type?: string;
  /** The saved list that this one began with. */
  view?: string;
  /** Columns in order, separated with commas; the usual ones when left out. */
  columns?: string;
  /** `kanban`, or a list when left out. */
  layout?: string;
  /** By what a kanban is divided. */
  group?: string;
  /** The record shown in the side panel, as type/number. */
  peek?: string;
}

const names = [
  'state',
  'team',
  'assignee',
  'priority',
  'requester',
  'q',
  'filter',
  'sort',
  'type',
  'view',
  'columns',
  'layout',
  'group',
  'peek',
] as const;

export function listSearch(raw: Record<string, unknown>): ListSearch {
  const out: ListSearch = {};
  for (const name of names) {
    const value = raw[name];
    if (typeof value === 'string' && value !== '') out[name] = value;
    if (typeof value === 'number') out[name] = String(value);
    // The router reads a condition in the address as what it is.
    if (name === 'filter' && typeof value === 'object' && value !== null) out[name] = JSON.stringify(value);
  }
  return out;
}

/** The part of the address that the server filters by; the rest is the page's own. */
export function filterOf(search: ListSearch): RecordFilter {
  const all = listSearch(search as Record<string, unknown>);
  const { state, team, assignee, priority, requester, q, filter, sort } = all;
  const found = { state, team, assignee, priority, requester, q, filter, sort };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** A comma list of the address as an array, and back; empty is absent. */
export const split = (value: string | undefined) => (value ? value.split(',') : []);
export const joined = (values: string[]) => (values.length ? values.join(',') : undefined);
