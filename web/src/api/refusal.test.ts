import { expect, it } from 'vitest';
import { ApiError } from './error';
import { problemOf, withoutPointers } from './refusal';

it('finds the sentence by code, by status, or says that it knows none', () => {
  expect(problemOf(new ApiError(429, { code: 'throttled', detail: 'wait' }))).toEqual({
    code: 'throttled',
    detail: 'wait',
  });
  expect(problemOf(new ApiError(404, { code: 'never_heard' }))).toEqual({ code: 'not_found' });
  expect(problemOf(new ApiError(502, { title: 'Bad Gateway' }))).toEqual({ code: 'other' });
  expect(problemOf(new ApiError(0, { code: 'offline' }))).toEqual({ code: 'offline' });
  expect(problemOf(new Error('x'))).toEqual({ code: 'other' });
});
it('says that a session has ended without the words of the server', () => {
  expect(problemOf(new ApiError(401, { code: 'unauthenticated', detail: 'sign in' }))).toEqual({
    code: 'unauthenticated',
  });
});
it('drops JSON pointers', () => {
  expect(withoutPointers('/file: is empty')).toBe('is empty');
  expect(withoutPointers('/fields/a: too long; /title: is missing')).toBe('too long; is missing');
  expect(withoutPointers('at 10:30: and/or: nothing')).toBe('at 10:30: and/or: nothing');
});
