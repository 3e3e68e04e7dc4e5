import type { TFunction } from 'i18next';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../api/types';
import { arrange } from './action-bar';
import { turnOf } from './turn';

const t = ((key: string, values?: object) =>
  `${key} ${Object.values(values ?? {}).join(' ')}`.trim()) as unknown as TFunction;
const ref = (label: string) => ({ id: label, key: label, label });
const action = (key: string, kind: Action['kind'], enabled = true): Action => ({
  key,
  kind,
  label: key,
  schema: {},
  enabled,
  reason: enabled ? null : 'why',
});
const keys = (items: Action[]) => items.map((it) => it.key);

describe('arrange', () => {
  it('puts acceptance first, then outcomes, and the rest under more', () => {
    const { bar, primary, more } = arrange([
      action('finish', 'outcome'),
      action('accept', 'command'),
      action('assign', 'command'),
      action('comment', 'command'),
      action('link', 'command'),
    ]);
    expect(keys(bar)).toEqual(['accept', 'finish', 'assign']);
    expect(primary?.key).toBe('accept');
    expect(keys(more)).toEqual(['link']);
  });
  it('keeps outcomes that are not open visible, with their reason, and never makes them primary', () => {
    const { bar, primary, more } = arrange([
      action('finish', 'outcome', false),
      action('forward', 'outcome'),
      action('accept', 'command', false),
    ]);
    expect(keys(bar)).toEqual(['finish', 'forward']);
    expect(primary?.key).toBe('forward');
    expect(keys(more)).toEqual(['accept']);
  });
});

describe('turnOf', () => {
  const it0 = {
    phase: 'active' as const,
    assignee: null,
    on_duty: null,
    team: ref('Net'),
    requester: ref('Li'),
  };
  it('names exactly one', () => {
    expect(turnOf({ ...it0, assignee: ref('Zhang') }, t).text).toBe('desk:turn_assignee Zhang Net');
    expect(turnOf({ ...it0, on_duty: ref('Wang') }, t).text).toBe('desk:turn_duty Wang Net');
    expect(turnOf(it0, t).text).toBe('desk:turn_team Net');
    expect(turnOf({ ...it0, phase: 'resolved', assignee: ref('Zhang') }, t).text).toBe(
      'desk:turn_requester Li',
    );
    expect(turnOf({ ...it0, phase: 'closed' }, t)).toEqual({ text: 'desk:turn_closed', open: false });
  });
});
