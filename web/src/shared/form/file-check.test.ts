import { expect, it } from 'vitest';
import { maxFileBytes, refusalOf } from './file-check';

it('refuses what the server would refuse', () => {
  expect(refusalOf({ size: 0 })).toBe('file_empty');
  expect(refusalOf({ size: 1 })).toBeUndefined();
  expect(refusalOf({ size: maxFileBytes })).toBeUndefined();
  expect(refusalOf({ size: maxFileBytes + 1 })).toBe('file_too_large');
});
