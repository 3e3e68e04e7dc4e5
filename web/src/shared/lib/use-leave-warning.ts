import { useEffect } from 'react';

/** The browser asks before the page goes while something is on it that would go with it. */
export function useLeaveWarning(holds: boolean) {
  useEffect(() => {
    if (!holds) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [holds]);
}
