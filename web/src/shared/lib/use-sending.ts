import { useCallback, useRef, useState } from 'react';

/**
 * What a form sends goes out once: while it is on its way nothing more is sent, however often Enter is pressed. That words whose
 * answer was lost are not written twice sees `api/attempts` to.
 */
export function useSending() {
  const [busy, setBusy] = useState(false);
  // State is as old as the last drawing: two keys may come between two of them.
  const running = useRef(false);
  const send = useCallback(async <T>(run: () => Promise<T>) => {
    if (running.current) return undefined;
    running.current = true;
    setBusy(true);
    try {
      return await run();
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  return { busy, send };
}
