import { expect, it } from 'vitest';
import { ratesAfter, ratingFields } from './use-rating';
import { resolutionOf } from './words';

it('sends the chosen stars with what ends the request', () => {
  const outcome = { kind: 'outcome' as const };
  expect(ratesAfter(4, outcome, { phase: 'closed' })).toBe(true);
  expect(ratesAfter(0, outcome, { phase: 'closed' })).toBe(false);
  expect(ratesAfter(4, outcome, { phase: 'active' })).toBe(false);
  expect(ratesAfter(4, { kind: 'command' }, { phase: 'closed' })).toBe(false);
  expect(ratingFields({ score: 4, comment: ' ' })).toEqual({ score: 4 });
  expect(ratingFields({ score: 4, comment: ' ok ' })).toEqual({ score: 4, comment: 'ok' });
});
it('shows how it was solved once it is', () => {
  const fields = { resolution: 'Cable replaced' };
  expect(resolutionOf({ phase: 'resolved', fields })).toBe('Cable replaced');
  expect(resolutionOf({ phase: 'closed', fields })).toBe('Cable replaced');
  expect(resolutionOf({ phase: 'active', fields })).toBe('');
  expect(resolutionOf({ phase: 'closed', fields: {} })).toBe('');
});
