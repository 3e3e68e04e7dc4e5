import { expect, it } from 'vitest';
import { initials } from './marks';

it('takes whole signs of a name, whatever stands at its end', () => {
  expect(initials('张伟')).toBe('伟');
  expect(initials('外包·乐😀')).toBe('乐');
  expect(initials('Zhang Wei')).toBe('ZW');
  expect(initials('😀 Wei')).toBe('😀W');
});
