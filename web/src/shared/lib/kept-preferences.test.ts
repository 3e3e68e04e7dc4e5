import { describe, expect, it } from 'vitest';
import { fromKept, takePreferences, toKept } from './kept-preferences';
import { preferences } from './preferences';

describe('what the account keeps', () => {
  it('is read as this browser has it, and written back the same', () => {
    const kept = { theme: 'dark', letter_keys: false, tours: { agent: 'done', requester: '3' } };
    const seen = fromKept(kept);
    expect(seen).toEqual({ theme: 'dark', letterKeys: false, tours: { agent: 'done', requester: 3 } });
    expect(toKept(seen)).toEqual(kept);
    expect(toKept({ start: null })).toEqual({ start: null });
    expect(toKept({ language: 'en' })).toEqual({});
  });

  it('holds before what the browser remembers, which holds where the account says nothing', () => {
    preferences.take({ theme: 'light', density: 'comfortable', tours: { requester: 'done' } });
    takePreferences({ id: 'a', preferences: { theme: 'dark', tours: { agent: 'done' } } });
    expect(preferences.get()).toMatchObject({
      theme: 'dark',
      density: 'comfortable',
      tours: { requester: 'done', agent: 'done' },
    });
  });

  it("knows nobody by somebody else's tours", () => {
    takePreferences({ id: 'a', preferences: { tours: { agent: 'done' } } });
    takePreferences({ id: 'b', preferences: {} });
    expect(preferences.get().tours).toEqual({});
  });
});
