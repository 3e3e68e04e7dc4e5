import { expect, it } from 'vitest';
import { refusalOf } from './file-check';

const taken = { max_bytes: 1000, endings: ['png', 'gz'] };

it('knows which files the server would refuse', () => {
  const refusal = (name: string, size: number) => refusalOf({ name, size }, taken);
  expect(refusal('a.png', 0)).toBe('file_empty');
  expect(refusal('a.png', 1)).toBeUndefined();
  expect(refusal('A.B.PNG', 1000)).toBeUndefined();
  expect(refusal('a.tar.gz', 1000)).toBeUndefined();
  expect(refusal('a.png', 1001)).toBe('file_too_large');
  expect(refusal('a.svg', 1)).toBe('file_kind');
  expect(refusal('png', 1)).toBe('file_kind');
  expect(refusalOf({ name: 'a.svg', size: 1 }, undefined)).toBeUndefined();
});
