import { describe, expect, it } from 'vitest';
import type { Action } from '../../api/types';
import { filled, initial } from '../form/schema';
import { actionSchema } from './action-schema';

const text = { type: 'string', 'x-widget': 'textarea' };
const action = (kind: Action['kind'], properties: object, required: string[] = []): Action => ({
  key: 'any',
  kind,
  label: 'Any',
  schema: { type: 'object', properties, required },
  enabled: true,
  reason: null,
});
const handOver = {
  note: text,
  category: { type: 'string', default: 'net' },
  team: { type: 'string', 'x-ref': 'team', default: 'net-1' },
  assignee: { type: 'string', 'x-ref': 'user', default: '01a1fcd4-3dc7-7df7-ad9d-48ce61cc0418' },
};

describe('actionSchema', () => {
  it('leaves team and assignee of an outcome to the rules: empty, and sent only when chosen', () => {
    const schema = actionSchema(action('outcome', handOver), undefined);
    const values = initial(schema);
    expect(values).toEqual({ category: 'net' });
    expect(filled(schema, { ...values, note: 'see below' })).toEqual({ category: 'net', note: 'see below' });
    expect(filled(schema, { ...values, team: 'net-2' })).toEqual({ category: 'net', team: 'net-2' });
    expect(schema.properties?.team?.['x-by-rule']).toBe(true);
  });
  it('says nothing of rules where the outcome wants a team', () => {
    const schema = actionSchema(action('outcome', handOver, ['team']), undefined);
    expect(schema.properties?.team?.['x-by-rule']).toBe(false);
  });
});
