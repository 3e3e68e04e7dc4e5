import { expect, it } from 'vitest';
import { checkPassword } from './password-form';

const keys = (...[old, fresh, again]: [string, string, string]) =>
  checkPassword({ old, new: fresh, again }).map((it) => `${it.name} ${it.key}`);

it('asks for all three, long enough and twice the same', () => {
  expect(keys('', '', '')).toEqual(['old needed', 'new needed', 'again needed']);
  expect(keys('x', 'short', 'short')).toEqual(['new length']);
  expect(keys('x', 'long enough', 'long enouch')).toEqual(['again differs']);
  expect(keys('x', '八个字也足够长了', '八个字也足够长了')).toEqual([]);
});
