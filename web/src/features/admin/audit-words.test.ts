import type { TFunction } from 'i18next';
import { describe, expect, it } from 'vitest';
import type { AuditItem, Pack } from '../../api/types';
import { changesOf, isBuilt, linkOf } from './audit-words';

const words: Record<string, string> = {
  tier: 'Tier',
  tier_2: 'Second line',
  in_use: 'In use',
  audit_field_active: 'In use',
  'common:no': 'no',
  'settings:f_mail_port': 'Port',
};
const t = ((key: string, options?: { defaultValue?: string }) =>
  words[key] ?? options?.defaultValue ?? key) as unknown as TFunction<'admin'>;

const item = (kind: string, changes: [string, string, string][], key = 'k'): AuditItem => ({
  at: '2026-03-01T00:00:00Z',
  actor: null,
  channel: 'web',
  kind,
  event: 'changed',
  subject: { id: 'i', key, label: 'L' },
  changes: changes.map(([field, old, value]) => ({ field, old, new: value })),
});

describe('what was changed', () => {
  it('is told by the names of fields and options', () => {
    const told = changesOf(
      item('team', [
        ['tier', '', '2'],
        ['active', '', 'false'],
        ['unheard_of', 'a', 'b'],
      ]),
      t,
      'en',
    );
    expect(told).toEqual([
      { label: 'Tier', old: '', new: 'Second line' },
      { label: 'In use', old: '', new: 'no' },
      { label: 'unheard_of', old: 'a', new: 'b' },
    ]);
  });

  it('is told with moments and degrees as people say them', () => {
    const told = changesOf(
      item('announcement', [
        ['severity', '', 'warning'],
        ['from', '', '2026-11-21T23:35:21.634Z'],
      ]),
      t,
      'en',
    );
    expect(told[0]?.new).toBe('announcements:severity_warning');
    expect(told[1]?.new).toMatch(/^2[12] Nov 2026, /);
    expect(isBuilt('{"all":[]}')).toBe(true);
    expect(isBuilt('[…')).toBe(true);
    expect(isBuilt('warning')).toBe(false);
  });

  it('is told part by part of a setting', () => {
    const change: [string, string, string] = ['value', '{"host":"a","port":25}', '{"host":"a","port":26}'];
    expect(changesOf(item('setting', [change], 'mail'), t, 'en')).toEqual([
      { label: 'Port', old: '25', new: '26' },
    ]);
    const long: [string, string, string] = ['value', '', '{"rules":[…'];
    expect(changesOf(item('setting', [long], 'mail'), t, 'en')[0]?.new).toBe('{"rules":[…');
  });

  it('is told with moments in the zone of the reader, and degrees as people say them', () => {
    const told = changesOf(
      item('announcement', [
        ['severity', '', 'warning'],
        ['from', '', '2026-11-21T23:35:21.634Z'],
      ]),
      t,
      'en',
    );
    expect(told[0]?.new).toBe('announcements:severity_warning');
    expect(told[1]?.new).toMatch(/^2[12] Nov 2026, /);
  });

  it('is told in words where it was built: conditions, steps and hours', () => {
    const pack = {
      fields: [{ key: 'priority', label: 'Priority' }],
      priorities: [{ key: 'p1', label: 'P1 critical' }],
      outcomes: [],
      states: [],
      channels: [],
      values: {},
    } as unknown as Pack;
    const condition = JSON.stringify({
      all: [
        { field: 'priority', op: 'in', value: ['p1'] },
        { field: 'title', op: 'is_empty' },
      ],
    });
    const steps = JSON.stringify([
      { action: 'comment', fields: { visibility: 'public' } },
      { action: 'accept' },
    ]);
    const list = JSON.stringify([{ key: 's1', text: { en: 'Ask first' }, mandatory: true }]);
    const said = (kind: string, field: string, value: string) =>
      changesOf(item(kind, [[field, '', value]]), t, 'en', pack)[0]?.new;
    expect(said('macro', 'filter', condition)).toBe(
      'lists:conditions_allcommon:colonPriority in P1 criticalcommon:semicolontitle is_empty',
    );
    expect(said('macro', 'steps', steps)).toBe('1. comment (visibility public) 2. accept');
    expect(said('checklist', 'steps', list)).toBe('1. Ask first (check_mandatory)');
    const hours = JSON.stringify({ mon: [['09:00', '12:00']] });
    expect(changesOf(item('setting', [['value', '', hours]], 'working_hours'), t, 'en')).toEqual([
      { label: 'mon', old: '', new: '09:00–12:00' },
    ]);
    const order = changesOf(
      item('setting', [['value', 'priority', 'external_first']], 'queue_order'),
      t,
      'en',
    );
    expect(order[0]?.new).toBe('external_first');
  });

  it('leads to the page of what was changed, for who may see that', () => {
    const all = { actions: ['*'] };
    expect(linkOf(item('category', [], 'a/b'), all)).toEqual({
      to: '/w/admin/categories',
      search: { open: 'a/b' },
    });
    expect(linkOf(item('setting', []), all)).toEqual({ to: '/w/admin/settings', search: {} });
    expect(linkOf(item('customer', []), all)).toBeUndefined();
    expect(linkOf(item('team', []), { actions: ['audit.read'] })).toBeUndefined();
  });
});
