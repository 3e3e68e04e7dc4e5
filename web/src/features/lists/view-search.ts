// A saved list as the address shows it, and the start that somebody has chosen.
import type { View } from '../../api/types';
import { type ListSearch, listSearch } from '../../shared/lib/list-search';

/** The address of a saved list; what stands there beside it was changed since. */
export function searchOf(view: View): ListSearch {
  return listSearch({
    ...view.query,
    filter: view.filter ? JSON.stringify(view.filter) : undefined,
    columns: view.columns.join(','),
    sort: view.sort ?? undefined,
    layout: view.layout === 'kanban' ? 'kanban' : undefined,
    group: view.group ?? undefined,
    view: view.id,
  });
}
