import { expect, it } from 'vitest';
import type { Change, Pack } from '../../api/types';
import { valueLabel } from './pack-form';
import { publicWords, worthSaying } from './timeline';

it('calls public only what the requester can read', () => {
  const said = { visibility: 'public' as const, body: 'x' };
  expect(publicWords({ ...said, kind: 'commented' })).toBe(true);
  expect(publicWords({ ...said, kind: 'assigned' })).toBe(false);
  expect(publicWords({ ...said, kind: 'held' })).toBe(false);
  expect(publicWords({ ...said, kind: 'held', reason: 'asked' }, ['asked'])).toBe(true);
  expect(publicWords({ ...said, kind: 'held', reason: 'waits' }, ['asked'])).toBe(false);
  expect(publicWords({ visibility: 'internal', body: 'x', kind: 'commented' })).toBe(false);
});
it('names the reason of a hold as the pack does, and is silent when it ends', () => {
  const pack = { reasons: { hold: [{ key: 'vendor', label: 'Waiting' }] }, values: {} } as unknown as Pack;
  expect(valueLabel(pack, 'hold_reason', 'vendor')).toBe('Waiting');
  expect(valueLabel(pack, 'hold_reason', 'other')).toBe('other');
  const change = (field: string, value: unknown) => ({ field, old: 'vendor', new: value }) as Change;
  const kept = [change('hold_reason', 'vendor'), change('assignee', null)];
  expect(worthSaying([...kept, change('hold_reason', null)])).toEqual(kept);
});
