import { describe, expect, it } from 'vitest';
import type { Action } from '../../api/types';
import { leading } from './leading';

const action = (key: string, leads_to: string[] | null, enabled = true) =>
  ({ key, kind: 'outcome', label: key, schema: {}, enabled, reason: null, leads_to }) as unknown as Action;
const pack = {
  states: [
    { key: 'new', label: 'New', phase: 'new' as const },
    { key: 'one', label: 'One', phase: 'active' as const },
    { key: 'two', label: 'Two', phase: 'active' as const },
    { key: 'done', label: 'Done', phase: 'resolved' as const },
  ],
};
const all = [
  action('send', ['one', 'two']),
  action('solve', ['done']),
  action('note', ['new']),
  action('assign', ['new']),
  action('stop', ['done'], false),
];
const lead = (by: 'state' | 'phase' | 'team', to: string, items = all) =>
  leading(items, { state: 'new' }, by, to, pack);

describe('what brings a card to a column', () => {
  it('is what leads there, and nothing else', () => {
    expect(lead('state', 'two')).toEqual(['send']);
    expect(lead('state', 'done')).toEqual(['solve']);
    expect(lead('phase', 'active')).toEqual(['send']);
    expect(lead('state', 'elsewhere')).toEqual([]);
    expect(lead('team', 'x')).toEqual(['assign']);
  });
  it('may be what nobody knows of, where nothing else leads there', () => {
    const open = [...all, action('maybe', null)];
    expect(lead('state', 'elsewhere', open)).toEqual(['maybe']);
    expect(lead('state', 'done', open)).toEqual(['solve']);
  });
});
