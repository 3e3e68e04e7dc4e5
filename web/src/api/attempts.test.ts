import { expect, test } from 'vitest';
import { answered, attempt } from './attempts';

test('the same write has the same key until it was answered', () => {
  const first = attempt('POST /a {"title":"x"}');
  expect(attempt('POST /a {"title":"x"}')).toBe(first);
  expect(attempt('POST /a {"title":"y"}')).not.toBe(first);
  answered('POST /a {"title":"x"}');
  expect(attempt('POST /a {"title":"x"}')).not.toBe(first);
});

test('keys are what the server takes, and what is kept does not tell what was written', () => {
  expect(attempt('POST /password {"new":"secret words"}')).toMatch(/^[\w-]{8,60}$/);
  expect(sessionStorage.getItem('yuheng.attempts')).not.toContain('secret');
});
