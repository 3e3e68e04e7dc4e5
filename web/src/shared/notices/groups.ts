import type { Notice } from '../../api/types';

export interface NoticeGroup {
  key: string;
  record: Notice['record'];
  items: Notice[];
  unseen: number;
}

/** Notices of one record together, in the order of the newest of each. */
export function groupNotices(items: Notice[]): NoticeGroup[] {
  const groups = new Map<string, NoticeGroup>();
  for (const it of items) {
    const key = `${it.record.type}/${it.record.number}`;
    const group = groups.get(key) ?? { key, record: it.record, items: [], unseen: 0 };
    group.items.push(it);
    if (!it.seen) group.unseen += 1;
    groups.set(key, group);
  }
  return [...groups.values()];
}

// Why something concerns the person says more than what happened, where it is one of these.
const reasons = new Set(['mentioned', 'expert', 'urged', 'assigned', 'duty', 'reminder', 'call_back']);

/** The text that says what happened. */
export function wordOf({ about, kind, record }: Pick<Notice, 'about' | 'kind' | 'record'>): string {
  const solved = about === 'own' && kind === 'completed' && record.phase === 'resolved';
  if (solved || reasons.has(about)) return `notices:about_${solved ? 'own_resolved' : about}`;
  return `notices:did_${kind}`;
}
