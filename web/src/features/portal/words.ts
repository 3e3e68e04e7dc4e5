import type { TFunction } from 'i18next';
import type { RecordItem, WorkRecord } from '../../api/types';

/** Where a request stands, as one would say it to the person who waits. */
export function inPlainWords(it: RecordItem, t: TFunction<string>): string {
  if (it.phase === 'new' && !it.assignee) {
    return it.team ? t('portal:word_new_team', { team: it.team.label }) : t('portal:word_new');
  }
  if (it.phase === 'active' || it.phase === 'new') {
    return it.assignee
      ? t('portal:word_active', { name: it.assignee.label })
      : t('portal:word_active_nobody');
  }
  return t(`portal:word_${it.phase}`);
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
  const times = [
    { key: 'opened', at: it.opened_at },
    { key: 'responded', at: it.responded_at },
    { key: 'resolved', at: it.phase === 'resolved' || it.phase === 'closed' ? it.resolved_at : null },
    { key: 'closed', at: it.phase === 'closed' ? (it.closed_at ?? it.updated_at) : null },
  ];
  const last = times.findLastIndex((step) => step.at);
  return times.map((step, index) => ({
    ...step,
    state: index <= last ? 'done' : index === last + 1 ? 'now' : 'ahead',
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
