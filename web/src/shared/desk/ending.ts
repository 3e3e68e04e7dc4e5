import type { Action, Pack } from '../../api/types';

/** Does it do something that the records below wait for, too? Their pack says so. */
export const concernsChildren = (action: Action, pack: Pack | undefined) =>
  pack?.with_children.includes(action.key) ?? false;

/** Does it end the record's flow for good? */
export const ending = (action: Action) => action.key === 'cancel';
