import type { Action } from '../../api/types';

const together = new Set(['resolve', 'close']);

/** Does it do something that reports of the same failure wait for, too? */
export const concernsChildren = (action: Action) => together.has(action.key);

/** Does it end the record's flow for good? */
export const ending = (action: Action) => action.key === 'cancel';
