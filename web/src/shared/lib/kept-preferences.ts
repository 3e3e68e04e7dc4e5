// What the account keeps of how its person likes to see things, so that another browser knows it too. It comes with who is
// signed in; where the account says nothing, what this browser remembers holds.
import { api, call } from '../../api/client';
import { onSignedOut, serverState } from '../../api/server-state';
import type { Me } from '../../api/types';
import { type Preferences, preferences, type TourSeen } from './preferences';

type Kept = Me['preferences'];

let signedIn = false;
/** What is on its way to the account: it is newer than what comes from there. */
let sending = 0;
let queue = Promise.resolve();

const seenOf = (step: unknown): TourSeen => (step === 'done' ? 'done' : Number(step) || 0);

/** What the account knows, as this browser has it. */
export function fromKept(kept: Kept): Partial<Preferences> {
  const { theme, density, rail, letter_keys, start, tours } = kept;
  const known: Record<string, unknown> = { theme, density, rail, letterKeys: letter_keys, start };
  const given = Object.fromEntries(Object.entries(known).filter(([, value]) => value != null));
  const steps = Object.entries(tours ?? {}).map(([name, step]) => [name, seenOf(step)]);
  return { ...given, ...(steps.length > 0 ? { tours: Object.fromEntries(steps) } : {}) };
}

/** A choice of this browser, as the account keeps it; the language is the account's own. */
export function toKept({ theme, density, rail, letterKeys, start, tours }: Partial<Preferences>) {
  const steps = Object.entries(tours ?? {}).map(([name, step]) => [name, String(step)]);
  const known = { theme, density, rail, letter_keys: letterKeys, start };
  const given = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  return { ...given, ...(tours ? { tours: Object.fromEntries(steps) } : {}) };
}

/** Somebody is signed in: what their account knows holds. What this browser knows of somebody else's tours does not. */
export function takePreferences(me: Pick<Me, 'id' | 'preferences'>) {
  signedIn = true;
  if (sending > 0) return;
  const before = preferences.get();
  const tours = before.of && before.of !== me.id ? {} : before.tours;
  const kept = fromKept(me.preferences);
  preferences.take({ ...kept, of: me.id, tours: { ...tours, ...kept.tours } });
}

/** Nobody is signed in any more: choices are this browser's alone. */
export const leavePreferences = () => {
  signedIn = false;
};
onSignedOut(leavePreferences);

preferences.onChoice((choice) => {
  const body = toKept(choice);
  if (!signedIn || serverState.get().mode !== 'normal' || Object.keys(body).length === 0) return;
  sending += 1;
  queue = queue
    // Where the account cannot keep it, this browser does.
    .then(() => call(api.PATCH('/api/v1/me/preferences', { body })).catch(() => {}))
    .then(() => {
      sending -= 1;
    });
});
