import type { TFunction } from 'i18next';
import { describe, expect, it } from 'vitest';
import { modeAfter } from '../../api/server-state';
import { match, nameOf } from './hotkeys';
import { listSearch } from './list-search';
import { passages, pieces } from './plain-text';
import { duration, shortTime } from './time';

const t = ((key: string, values?: object) =>
  `${key} ${Object.values(values ?? {}).join(' ')}`.trim()) as unknown as TFunction;

describe('time', () => {
  const now = new Date(2026, 10, 21, 12, 0).getTime();
  const at = (...parts: [number, number, number, number, number]) =>
    shortTime(new Date(...parts).toISOString(), now, t);
  it('is relative within the hour, then as exact as needed', () => {
    expect(shortTime(new Date(now - 20_000).toISOString(), now, t)).toBe('common:time.now');
    expect(at(2026, 10, 21, 11, 15)).toBe('common:time.minutes_ago 45');
    expect(at(2026, 10, 21, 9, 5)).toBe('09:05');
    expect(at(2026, 10, 20, 23, 50)).toBe('common:time.yesterday 23:50');
    expect(at(2026, 1, 3, 8, 0)).toBe('02-03 08:00');
    expect(at(2025, 1, 3, 8, 0)).toBe('2025-02-03');
    expect(shortTime(new Date(now + 150_000).toISOString(), now, t)).toBe('common:time.in_minutes 3');
  });
  it('takes what lies less than two minutes ahead for now: clocks differ', () => {
    for (const ahead of [1, 20_000, 90_000, 119_999])
      expect(shortTime(new Date(now + ahead).toISOString(), now, t)).toBe('common:time.now');
    expect(shortTime(new Date(now + 120_000).toISOString(), now, t)).toBe('common:time.in_minutes 2');
  });
  it('names the two largest units of a duration', () => {
    expect(duration(59 * 60_000, t)).toBe('common:time.m 59');
    expect(duration(61 * 60_000, t)).toBe('common:time.hm 1 1');
    expect(duration(50 * 3_600_000, t)).toBe('common:time.dh 2 2');
    expect(duration(2600 * 3_600_000, t)).toBe('common:time.d 108');
  });
});

it('links addresses and nothing else', () => {
  expect(pieces('see https://a.example/x?y=1. Or（https://b.example）')).toEqual([
    { text: 'see ' },
    { text: 'https://a.example/x?y=1', href: 'https://a.example/x?y=1' },
    { text: '. Or（' },
    { text: 'https://b.example', href: 'https://b.example' },
    { text: '）' },
  ]);
  expect(pieces('<b>javascript:alert(1)</b>')).toEqual([{ text: '<b>javascript:alert(1)</b>' }]);
});

describe('hotkeys', () => {
  const keys = [{ keys: 'g q' }, { keys: 'q' }, { keys: 'mod+k' }];
  it('finds single keys and sequences', () => {
    expect(match(keys, '', 'q').hit?.keys).toBe('q');
    expect(match(keys, '', 'g')).toEqual({ hit: undefined, prefix: 'g' });
    expect(match(keys, 'g', 'q').hit?.keys).toBe('g q');
    expect(nameOf({ key: 'K', ctrlKey: true, metaKey: false, altKey: false })).toBe('mod+k');
  });
});

it('keeps only known filters of an address', () => {
  expect(listSearch({ state: 'open', q: 12, evil: 'x', team: '' })).toEqual({ state: 'open', q: '12' });
});

it('learns the mode of the server from each answer', () => {
  const answer = { header: null, write: false, ok: true };
  expect(modeAfter('normal', { ...answer, header: 'read-only' })).toBe('read_only');
  expect(modeAfter('read_only', { ...answer, header: 'normal' })).toBe('normal');
  expect(modeAfter('normal', { ...answer, ok: false, write: true, code: 'read_only' })).toBe('read_only');
  expect(modeAfter('read_only', answer)).toBe('read_only');
  expect(modeAfter('read_only', { ...answer, write: true })).toBe('normal');
});

describe('quoted mail', () => {
  const quote = ['> one', '> two', '> three', '> four'].join('\n');
  it('is cut off where it is long', () => {
    expect(passages(`Thanks!\n${quote}\nBye`)).toEqual([
      { text: 'Thanks!', quoted: false },
      { text: quote, quoted: true },
      { text: 'Bye', quoted: false },
    ]);
  });
  it('of a few lines stays', () => {
    const text = 'See:\n> a line\nyes';
    expect(passages(text)).toEqual([{ text, quoted: false }]);
  });
  it('goes on to the end below the line that begins it', () => {
    for (const begin of [
      '-----原始邮件-----',
      '在 2026年3月1日，李老师 写道：',
      'On Mon, 2 Mar 2026, Li wrote:',
    ]) {
      const below = `${begin}\na\nb\nc\nd`;
      expect(passages(`ok\n${below}`)).toEqual([
        { text: 'ok', quoted: false },
        { text: below, quoted: true },
      ]);
    }
  });
});
