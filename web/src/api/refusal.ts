import { ApiError } from './error';

const codes = [
  'unauthenticated',
  'forbidden',
  'not_found',
  'not_available',
  'conflict',
  'stale',
  'throttled',
  'read_only',
  'busy',
  'too_large',
  'unsupported',
  'internal',
  'invalid',
  'malformed',
  'csrf',
  'offline',
] as const;
export type ProblemCode = (typeof codes)[number] | 'other';

const byStatus: Record<number, ProblemCode> = {
  0: 'offline',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  412: 'stale',
  413: 'too_large',
  415: 'unsupported',
  422: 'invalid',
  429: 'throttled',
  503: 'busy',
};

/** A detail as people read it: without the JSON pointers in front, `/file: too long` is `too long`. */
export const withoutPointers = (detail: string) => detail.replace(/(^|; )\/[\w~/.-]*: /g, '$1').trim();

/** Which sentence of ours fits an error, and what the server itself said about it. */
export function problemOf(error: unknown): { code: ProblemCode; detail?: string } {
  if (!(error instanceof ApiError)) return { code: 'other' };
  const code = codes.find((it) => it === error.code) ?? byStatus[error.status] ?? 'other';
  // These say all there is to say.
  if (code === 'offline' || code === 'unauthenticated') return { code };
  const detail = withoutPointers(error.problem.detail ?? '');
  return detail ? { code, detail } : { code };
}
