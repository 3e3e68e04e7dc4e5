import type { Action } from '../../api/types';

/** Does it end the record's flow for good? */
export const ending = (action: Action) => action.key === 'cancel';
