import { describe, expect, it } from 'vitest';
import { pauseUntil } from './queries';

describe('announcements', () => {
  it('are read again when one begins or ends, and now and then', () => {
    const now = Date.parse('2026-03-02T08:00:00Z');
    expect(pauseUntil('2026-03-02T08:00:30Z', now)).toBe(30_500);
    expect(pauseUntil('2026-03-02T07:00:00Z', now)).toBe(1000);
    expect(pauseUntil(null, now)).toBe(300_000);
    expect(pauseUntil('2026-03-09T08:00:00Z', now)).toBe(300_000);
  });
});
