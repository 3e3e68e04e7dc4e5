import type { TFunction } from 'i18next';
import type { RecordItem } from '../../api/types';

type Turn = Pick<RecordItem, 'phase' | 'assignee' | 'on_duty' | 'team' | 'requester'>;

/** Whose turn it is, in one phrase: exactly one person or team, or nobody once it has ended. */
export function turnOf(it: Turn, t: TFunction): { text: string; open: boolean } {
  const team = it.team?.label ?? '';
  if (it.phase === 'closed' || it.phase === 'cancelled') return { text: t('desk:turn_closed'), open: false };
  if (it.phase === 'resolved' && it.requester) {
    return { text: t('desk:turn_requester', { name: it.requester.label }), open: true };
  }
  if (it.assignee) {
    const text = team ? t('desk:turn_assignee', { name: it.assignee.label, team }) : it.assignee.label;
    return { text, open: true };
  }
  if (it.on_duty) return { text: t('desk:turn_duty', { name: it.on_duty.label, team }), open: true };
  return { text: team ? t('desk:turn_team', { team }) : t('desk:nobody'), open: true };
}
