import type { Me } from '../../api/types';
import { adminPagesOf, mayAdmin } from './admin-pages';

export type TourName = 'requester' | 'agent' | 'administrator';

/** The stops of each tour; each is marked `data-tour` where it stands. */
export const tours: Record<TourName, string[]> = {
  requester: ['ask', 'mine', 'help'],
  agent: ['my', 'queue', 'search', 'log', 'bell', 'help'],
  administrator: ['users', 'teams', 'settings', 'outbox', 'help'],
};

/** The tour for what somebody does on a face of the program: who may set it up is shown where. */
export function tourOf(face: 'portal' | 'work', me: Pick<Me, 'actions'>): TourName {
  if (face === 'portal') return 'requester';
  const pages = adminPagesOf(me).map((it) => it.page);
  return pages.includes('settings') && pages.includes('users') ? 'administrator' : 'agent';
}

/** The stops that there are for somebody: what they may not open is not shown to them. */
export const stopsOf = (name: TourName, me: Pick<Me, 'actions'>) =>
  tours[name].filter((stop) => mayAdmin(me, stop));
