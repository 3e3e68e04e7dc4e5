// Writes whose answer has not come. Who sends the same once more sends the same key with it: what was done, and only its
// answer lost on the way, is then answered again and not done twice.

const NAME = 'yuheng.attempts';
const MOST = 50;
/** The server keeps a key for a day. */
const KEPT = 20 * 3_600_000;

interface Attempt {
  key: string;
  at: number;
}

/** Short enough to keep, and tells nothing of what was written. */
function mark(text: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let n = 0; n < text.length; n += 1) {
    const code = text.charCodeAt(n);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  return `${(a >>> 0).toString(36)}${(b >>> 0).toString(36)}`;
}

/** Not `randomUUID`: browsers have it only behind TLS. */
const fresh = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (it) => it.toString(36)).join('-');

/** They outlive a reload, since who waits too long presses that. */
function read(): Map<string, Attempt> {
  try {
    const kept = JSON.parse(sessionStorage.getItem(NAME) ?? '[]') as [string, Attempt][];
    return new Map(kept.filter(([, it]) => Date.now() - it.at < KEPT));
  } catch {
    return new Map();
  }
}

let attempts: Map<string, Attempt> | undefined;
const known = () => {
  attempts ??= read();
  return attempts;
};
function keep(all: Map<string, Attempt>) {
  try {
    sessionStorage.setItem(NAME, JSON.stringify([...all].slice(-MOST)));
  } catch {
    // Without storage they live as long as the page.
  }
}

/** The key of a write: the one it had when it was sent before and nothing came back. */
export function attempt(write: string): string {
  const all = known();
  const name = mark(write);
  const found = all.get(name) ?? { key: fresh(), at: Date.now() };
  all.set(name, found);
  keep(all);
  return found.key;
}

/** It is done and the answer is here: the same again is meant as a second one. */
export function answered(write: string) {
  const all = known();
  if (all.delete(mark(write))) keep(all);
}
