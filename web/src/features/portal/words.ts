import type { TFunction } from 'i18next';
import type { Fields, Pack, RecordItem, TimelineItem, WorkRecord } from '../../api/types';

type Waiting = Pick<RecordItem, 'phase'> & { fields?: Fields };
type Reasons = Pick<Pack, 'reasons' | 'asks_requester'>;

const holdReason = (it: Waiting): string | undefined => {
  const reason = it.phase === 'waiting' ? it.fields?.hold_reason : undefined;
  return typeof reason === 'string' ? reason : undefined;
};

/** Whether the work waits for an answer of the person who reported it. */
export const waitsForAnswer = (it: Waiting, pack: Reasons | undefined) =>
  pack?.asks_requester.includes(holdReason(it) ?? '') ?? false;

/** Where a request stands, as one would say it to the person who waits. */
export function inPlainWords(it: RecordItem, t: TFunction<string>, pack?: Reasons): string {
  if (it.phase === 'active' || it.phase === 'new') {
    if (it.assignee) return t('portal:word_active', { name: it.assignee.label });
    return it.team ? t('portal:word_new_team', { team: it.team.label }) : t('portal:word_new');
  }
  if (waitsForAnswer(it, pack)) return t('portal:word_waiting_you');
  const reason = holdReason(it);
  const why = pack?.reasons.hold?.find((one) => one.key === reason)?.label;
  return why ? t('portal:word_waiting_why', { why }) : t(`portal:word_${it.phase}`);
}

export interface ProgressStep {
  key: string;
  at: string | null | undefined;
  state: 'done' | 'now' | 'ahead';
}

/** Sent, accepted, solved, confirmed: done, happening or ahead. */
export function progressOf(it: RecordItem): ProgressStep[] {
  if (it.phase === 'cancelled') {
    return [
      { key: 'opened', at: it.opened_at, state: 'done' },
      { key: 'cancelled', at: it.closed_at ?? it.updated_at, state: 'done' },
    ];
  }
  const solved = it.phase === 'resolved' || it.phase === 'closed';
  const times = [
    { key: 'opened', at: it.opened_at },
    // That somebody has looked at it, or had accepted it before it was reopened, is no acceptance.
    { key: 'responded', at: solved || it.assignee ? it.responded_at : null },
    { key: 'resolved', at: solved ? it.resolved_at : null },
    { key: 'closed', at: it.phase === 'closed' ? (it.closed_at ?? it.updated_at) : null },
  ];
  const last = times.findLastIndex((step) => step.at);
  return times.map((step, index) => ({
    ...step,
    state: index <= last ? 'done' : index === last + 1 ? 'now' : 'ahead',
  }));
}

/** What the step that is happening waits for, and for whom. */
export function waitsFor(step: ProgressStep, it: Waiting, pack: Reasons | undefined): string {
  if (waitsForAnswer(it, pack)) return 'asked';
  return it.phase === 'waiting' ? 'waiting' : step.key;
}

// What happened without words and yet is part of the conversation with whoever reported it.
const told = new Set(['accepted', 'held', 'resumed', 'cancelled', 'urged', 'call_promised', 'called_back']);

/**
 * What was said, and what was done that its requester wants to know: that it was taken up, waits, was solved, is called
 * about; and what they did themselves, with the reason that they gave.
 */
export function conversationOf(
  entries: TimelineItem[],
  requester: string,
  states: Pack['states'] | undefined,
): TimelineItem[] {
  const solves = (it: TimelineItem) =>
    it.changes.some(
      ({ field, new: state }) =>
        field === 'state' && states?.find((one) => one.key === state)?.phase === 'resolved',
    );
  return entries
    .filter((it) => {
      if (it.body || it.attachments.length > 0 || told.has(it.kind)) return true;
      return it.kind === 'completed' && (it.actor?.id === requester || solves(it));
    })
    .map((it) => ({
      ...it,
      decisions: [],
      changes: it.changes.filter(
        ({ field, new: value }) => it.kind === 'completed' && field.endsWith('_reason') && value,
      ),
    }));
}

/** Morning until 11, noon until 13, afternoon until 18. */
export function greeting(hour: number): 'morning' | 'noon' | 'afternoon' | 'evening' {
  if (hour >= 5 && hour < 11) return 'morning';
  if (hour >= 11 && hour < 13) return 'noon';
  return hour >= 13 && hour < 18 ? 'afternoon' : 'evening';
}

/** How it was solved, once it is. */
export function resolutionOf(record: Pick<WorkRecord, 'phase' | 'fields'>): string {
  const said = record.fields.resolution;
  const solved = record.phase === 'resolved' || record.phase === 'closed';
  return solved && typeof said === 'string' ? said.trim() : '';
}
