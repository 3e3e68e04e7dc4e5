import { useCallback, useRef, useState } from 'react';

/** A key that no other request has. Pages that are not served over https have no `randomUUID`. */
const freshKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (it) => it.toString(16).padStart(2, '0')).join('');

/** The header that makes a write happen once, however often it is sent. */
export const once = (key: string) => ({ 'Idempotency-Key': key });

/**
 * What a form sends goes out once. While it is on its way nothing more is sent, however often Enter is pressed; and the same words
 * sent again, since no answer came, carry the same Idempotency-Key: had the first ones arrived, they are not written twice.
 */
export function useSending() {
  const [busy, setBusy] = useState(false);
  // State is as old as the last drawing: two keys may come between two of them.
  const running = useRef(false);
  const last = useRef<{ words: string; key: string }>(undefined);
  const send = useCallback(async <T>(words: unknown, run: (key: string) => Promise<T>) => {
    if (running.current) return undefined;
    running.current = true;
    setBusy(true);
    const said = JSON.stringify(words) ?? '';
    if (last.current?.words !== said) last.current = { words: said, key: freshKey() };
    try {
      const done = await run(last.current.key);
      // Said once more, it is meant once more.
      last.current = undefined;
      return done;
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  return { busy, send };
}
