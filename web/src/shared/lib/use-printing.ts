import { useSyncExternalStore } from 'react';

const paper = globalThis.matchMedia?.('print');

function subscribe(tell: () => void) {
  paper?.addEventListener('change', tell);
  return () => paper?.removeEventListener('change', tell);
}

/** Whether the page is being laid out for paper: what is folded away on a screen cannot be opened there. */
export const usePrinting = () => useSyncExternalStore(subscribe, () => paper?.matches ?? false);
