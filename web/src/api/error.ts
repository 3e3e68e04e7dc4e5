import type { Problem } from './types';

/** What the server said when it refused, as an RFC 9457 problem; status 0 means it was not reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Partial<Problem>;

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail || problem.title || String(status));
    this.name = 'ApiError';
    this.status = status;
    this.problem = problem;
  }

  get code(): string {
    return this.problem.code ?? (this.status === 0 ? 'offline' : `status_${this.status}`);
  }
}

export const isStatus = (error: unknown, ...status: number[]): error is ApiError =>
  error instanceof ApiError && status.includes(error.status);
