// Which of the page's own layers is open. They are opened from anywhere: a key, a button, an empty state.
import { useSyncExternalStore } from 'react';

export type Overlay = 'palette' | 'log' | 'keys' | 'help' | 'tour';

let open: Overlay | null = null;
let opener: Element | null = null;
const watchers = new Set<() => void>();

export function showOverlay(next: Overlay | null) {
  if (next && !open) opener = document.activeElement;
  // Who closes a layer goes on where they were, unless the page went on meanwhile.
  if (!next && open) setTimeout(() => giveBack(opener), 50);
  open = next;
  for (const watch of watchers) watch();
}

function giveBack(to: Element | null) {
  const lost = document.activeElement === document.body || !document.activeElement;
  if (lost && open === null && to instanceof HTMLElement && to.isConnected) to.focus();
}

export const useOverlay = () =>
  useSyncExternalStore(
    (watch) => {
      watchers.add(watch);
      return () => watchers.delete(watch);
    },
    () => open,
  );
