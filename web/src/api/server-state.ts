// What every answer tells about the server and the session, kept beside the client.

export type ServerMode = 'normal' | 'read_only' | 'draining';
interface ServerState {
  mode: ServerMode;
  reachable: boolean;
}

let state: ServerState = { mode: 'normal', reachable: true };
const watchers = new Set<() => void>();
const signedOut = new Set<() => void>();

export const serverState = {
  get: () => state,
  subscribe(watch: () => void) {
    watchers.add(watch);
    return () => watchers.delete(watch);
  },
  set(next: Partial<ServerState>) {
    const merged = { ...state, ...next };
    if (merged.mode === state.mode && merged.reachable === state.reachable) return;
    state = merged;
    for (const watch of watchers) watch();
  },
};

/** Called when the server says the session has ended. */
export function onSignedOut(tell: () => void) {
  signedOut.add(tell);
  return () => signedOut.delete(tell);
}
export const tellSignedOut = () => {
  for (const tell of signedOut) tell();
};

/** The mode after one answer: its header if there is one, else what its status reveals. */
export function modeAfter(
  now: ServerMode,
  answer: { header: string | null; code?: string; write: boolean; ok: boolean },
): ServerMode {
  if (answer.header) {
    const name = answer.header.replace('-', '_');
    return name === 'read_only' || name === 'draining' ? name : 'normal';
  }
  if (answer.code === 'read_only') return 'read_only';
  return answer.write && answer.ok ? 'normal' : now;
}
