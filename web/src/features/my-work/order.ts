// What must I do next? Tasks in the order they should be done, in three heaps.
import type { Task } from '../../api/types';

export interface Heaps {
  accept: Task[];
  work: Task[];
  hold: Task[];
}

const far = Number.POSITIVE_INFINITY;
const due = (it: Task) => (it.due_at ? Date.parse(it.due_at) : far);

/** Due first if a time is set, then by priority, then the longest waiting. */
export function byUrgency(a: Task, b: Task): number {
  if (due(a) !== due(b)) return due(a) - due(b);
  const priority = (a.record.priority ?? 'p9').localeCompare(b.record.priority ?? 'p9');
  return priority || Date.parse(a.opened_at) - Date.parse(b.opened_at);
}

export function heaps(tasks: Task[]): Heaps {
  const sorted = [...tasks].sort(byUrgency);
  return {
    accept: sorted.filter((it) => !it.suspended && !it.assignee),
    work: sorted.filter((it) => !it.suspended && it.assignee),
    hold: sorted.filter((it) => it.suspended),
  };
}

/** The one task to begin with. */
export function nextOf({ accept, work }: Heaps): Task | undefined {
  return [accept[0], work[0]].filter((it) => it !== undefined).sort(byUrgency)[0];
}
