import type { TFunction } from 'i18next';
import type { Flow, RecordItem } from '../../api/types';

type Turn = Pick<RecordItem, 'phase' | 'assignee' | 'on_duty' | 'team' | 'requester'>;

/** Whose turn it is, in one phrase: exactly one person or team, or nobody once it has ended. */
export function turnOf(
  it: Turn,
  t: TFunction,
  token?: Flow['tokens'][number],
): { text: string; open: boolean } {
  const team = it.team?.label ?? '';
  if (it.phase === 'closed' || it.phase === 'cancelled') return { text: t('desk:turn_closed'), open: false };
  // After the solution the next step may be the requester's or again the desk's: the token knows.
  if (it.phase === 'resolved') {
    const person = token?.assignee ?? (token?.team ? undefined : it.requester);
    if (person && (!token || person.id === it.requester.id)) {
      return { text: t('desk:turn_requester', { name: person.label }), open: true };
    }
    const where = token?.team?.label ?? team;
    if (person) return { text: t('desk:turn_assignee', { name: person.label, team: where }), open: true };
    return { text: t('desk:turn_team', { team: where }), open: true };
  }
  if (it.assignee) {
    const text = team ? t('desk:turn_assignee', { name: it.assignee.label, team }) : it.assignee.label;
    return { text, open: true };
  }
  if (it.on_duty) return { text: t('desk:turn_duty', { name: it.on_duty.label, team }), open: true };
  return { text: team ? t('desk:turn_team', { team }) : t('desk:nobody'), open: true };
}
