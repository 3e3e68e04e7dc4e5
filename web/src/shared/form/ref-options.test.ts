import { expect, it } from 'vitest';
import { isIdentity, referenceOf } from './ref-options';

const id = '01a1fcd4-3dc7-7df7-ad9d-48ce61cc0418';
const zhang = { id, key: 'zhangwei', label: 'Zhang Wei' };

it('finds who is meant by key and by identity', () => {
  expect(referenceOf('zhangwei', [null, zhang])).toBe(zhang);
  expect(referenceOf(id, [undefined, zhang])).toBe(zhang);
  expect(referenceOf('liming', [zhang])).toBeUndefined();
  expect(referenceOf(undefined, [zhang])).toBeUndefined();
});
it('tells an identity from a name', () => {
  expect(isIdentity(id)).toBe(true);
  expect(isIdentity('zhangwei')).toBe(false);
});
