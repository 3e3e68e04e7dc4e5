import { expect, it } from 'vitest';
import type { JsonSchema } from '../form/schema';
import { restored, worthKeeping } from './action-draft';

const schema: JsonSchema = {
  type: 'object',
  properties: {
    resolution: { type: 'string', 'x-widget': 'textarea', default: 'as it was' },
    code: { type: 'string', oneOf: [{ const: 'fixed', title: 'Fixed' }] },
    pin: { type: 'string', format: 'password' },
    vault: { type: 'string', writeOnly: true },
  },
};

it('keeps words that somebody typed, and what was chosen beside them', () => {
  expect(worthKeeping(schema, { resolution: 'as it was', code: 'fixed' })).toBeNull();
  expect(worthKeeping(schema, { resolution: '', code: 'fixed' })).toBeNull();
  const typed = { resolution: 'a new fuser', code: 'fixed' };
  expect(worthKeeping(schema, typed)).toEqual(typed);
});
it('keeps no secret', () => {
  expect(worthKeeping(schema, { pin: '1234', vault: 'key' })).toBeNull();
  expect(worthKeeping(schema, { resolution: 'typed', pin: '1234', vault: 'key' })).toEqual({
    resolution: 'typed',
  });
});
it('brings back what is still asked for', () => {
  expect(restored(schema, null)).toBeUndefined();
  expect(restored(schema, { gone: 'words' })).toBeUndefined();
  expect(restored(schema, { resolution: 'typed', gone: 'words' })).toEqual({ resolution: 'typed' });
});
