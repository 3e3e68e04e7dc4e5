import { useEffect, useState } from 'react';

/** What was typed, trimmed, once the fingers rest: a server is not asked about every letter. */
export function useSettled(typed: string, rest = 200): string {
  const [settled, setSettled] = useState(() => typed.trim());
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed.trim()), rest);
    return () => clearTimeout(timer);
  }, [typed, rest]);
  return settled;
}
