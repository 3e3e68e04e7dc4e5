import type { TFunction } from 'i18next';
import type { Flow, RecordItem, Ref } from '../../api/types';

type Turn = Pick<RecordItem, 'phase' | 'assignee' | 'on_duty' | 'team' | 'requester'> &
  Partial<Pick<RecordItem, 'deputy' | 'on_duty_for'>>;

/** Who acts, and for whom when they only stand in. */
const inTurn = (who: Ref, away: Ref | null | undefined, t: TFunction) =>
  away ? t('desk:on_behalf', { actor: who.label, person: away.label }) : who.label;

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
    const name = inTurn(it.deputy ?? it.assignee, it.deputy ? it.assignee : undefined, t);
    return { text: team ? t('desk:turn_assignee', { name, team }) : name, open: true };
  }
  if (it.on_duty)
    return { text: t('desk:turn_duty', { name: inTurn(it.on_duty, it.on_duty_for, t), team }), open: true };
  return { text: team ? t('desk:turn_team', { team }) : t('desk:nobody'), open: true };
}
