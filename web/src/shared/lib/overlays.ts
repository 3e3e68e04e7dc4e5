// Which of the page's own layers is open. They are opened from anywhere: a key, a button, an empty state.
import { useSyncExternalStore } from 'react';

export type Overlay = 'palette' | 'log' | 'keys' | 'help' | 'tour';

let open: Overlay | null = null;
const watchers = new Set<() => void>();

export function showOverlay(next: Overlay | null) {
  open = next;
  for (const watch of watchers) watch();
}
export const useOverlay = () =>
  useSyncExternalStore(
    (watch) => {
      watchers.add(watch);
      return () => watchers.delete(watch);
    },
    () => open,
  );
