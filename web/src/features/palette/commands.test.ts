import { expect, it } from 'vitest';
import { type Command, matching, wholeNumber } from './commands';

const command = (id: string, label: string): Command => ({ id, group: 'go', label, run: () => {} });

it('finds commands by words in any order', () => {
  const all = [command('a', 'Team queue'), command('b', 'My work')];
  expect(matching(all, 'queue te').map((it) => it.id)).toEqual(['a']);
  expect(matching(all, '').length).toBe(2);
  const person: Command = { ...command('p', '张伟'), group: 'people' };
  expect(matching([person, ...all], 'zhangwei').map((it) => it.id)).toEqual(['p']);
});

it('completes a number from its end', () => {
  expect(wholeNumber('626', 'INC-2026-000012')).toBe('INC-2026-000626');
  expect(wholeNumber('printer', 'INC-2026-000012')).toBe('printer');
  expect(wholeNumber('626', undefined)).toBe('626');
});
