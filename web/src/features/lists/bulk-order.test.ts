import { describe, expect, it } from 'vitest';
import { given, refusalOfAll } from './bulk-order';

const missing = [{ pointer: '/fields/reason', code: 'required', message: 'another team needs a reason' }];
const item = (more: object) => ({
  number: '1',
  title: null,
  open: false,
  reason: 'no',
  changes: [],
  ...more,
});
const wrong = item({ code: 'invalid', errors: missing });

describe('an order on many records', () => {
  it('is refused at its field where all refuse it for what was entered', () => {
    const refused = refusalOfAll({ total: 2, items: [wrong, wrong] } as never);
    expect(refused?.problem.errors).toEqual(missing);
  });
  it('is previewed where some take it, some are unseen, or the records are what is in the way', () => {
    const open = item({ open: true, errors: [] });
    const ended = item({ code: 'not_available', errors: [] });
    expect(refusalOfAll({ total: 2, items: [wrong, open] } as never)).toBeUndefined();
    expect(refusalOfAll({ total: 300, items: [wrong, wrong] } as never)).toBeUndefined();
    expect(refusalOfAll({ total: 2, items: [ended, ended] } as never)).toBeUndefined();
    expect(refusalOfAll({ total: 2, items: [wrong, ended] } as never)).toBeUndefined();
  });
  it('gives words where it changes no field', () => {
    expect(given({ action: 'comment', fields: { visibility: 'internal' } })).toBe('note');
    expect(given({ action: 'comment', fields: { visibility: 'public' } })).toBe('reply');
    expect(given({ action: 'assign', fields: {} })).toBeUndefined();
  });
});
