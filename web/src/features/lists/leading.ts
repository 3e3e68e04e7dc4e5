import type { Action, Pack, RecordItem } from '../../api/types';
import type { GroupBy } from './kanban';

/**
 * The actions by which a card gets to a column: those of which the server says that they lead there; only where there are none, those
 * of which nobody can know it before.
 */
export function leading(
  items: Action[],
  record: Pick<RecordItem, 'state'>,
  by: GroupBy,
  to: string,
  pack: Pick<Pack, 'states'> | undefined,
): string[] {
  const enabled = items.filter((it) => it.enabled);
  if (by === 'team' || by === 'assignee') return enabled.some((it) => it.key === 'assign') ? ['assign'] : [];
  const columnOf = (state: string) =>
    by === 'state' ? state : pack?.states.find((it) => it.key === state)?.phase;
  const moves = enabled.filter((it) => it.leads_to?.some((state) => state !== record.state) ?? true);
  const sure = moves.filter((it) => it.leads_to?.some((state) => columnOf(state) === to));
  return (sure.length > 0 ? sure : moves.filter((it) => !it.leads_to)).map((it) => it.key);
}
