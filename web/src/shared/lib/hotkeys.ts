// Keyboard commands of the page. Whatever is mounted registers its keys; the help overlay lists
// exactly those. Letters do nothing while the person types or a dialog is open.
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { preferences } from './preferences';

export interface Hotkey {
  /** `j`, `Enter`, `?`, `mod+k`, or a sequence such as `g q`. */
  keys: string;
  label: string;
  run: (event: KeyboardEvent) => void;
}

let registered: Hotkey[] = [];
const watchers = new Set<() => void>();
function change(next: Hotkey[]) {
  registered = next;
  for (const watch of watchers) watch();
}

export const useRegisteredHotkeys = () =>
  useSyncExternalStore(
    (watch) => {
      watchers.add(watch);
      return () => watchers.delete(watch);
    },
    () => registered,
  );

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    target.role === 'combobox');
const inDialog = () =>
  document.querySelector(
    '[role="dialog"][aria-modal="true"], .ant-modal-wrap:not([style*="none"]) .ant-modal',
  ) !== null;
// Enter and space belong to the control that has the focus.
const presses = (target: EventTarget | null, key: string) =>
  (key === 'Enter' || key === ' ') &&
  target instanceof HTMLElement &&
  target.closest('a, button, [role="tab"], [role="menuitem"], [role="option"]') !== null;

let prefix = '';
let prefixAt = 0;

/** The key as hotkeys name it. */
export function nameOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return event.ctrlKey || event.metaKey ? `mod+${key}` : event.altKey ? `alt+${key}` : key;
}

/** Which command a key means, given what was pressed just before it. */
export function match(hotkeys: Pick<Hotkey, 'keys'>[], before: string, key: string) {
  const wanted = before ? `${before} ${key}` : key;
  const hit = hotkeys.findLast((it) => it.keys === wanted) ?? hotkeys.findLast((it) => it.keys === key);
  return { hit, prefix: hotkeys.some((it) => it.keys.startsWith(`${key} `)) ? key : '' };
}

function onKey(event: KeyboardEvent) {
  if (event.defaultPrevented || event.isComposing) return;
  const key = nameOf(event);
  const plain = !key.startsWith('mod+');
  if (plain && (typing(event.target) || !preferences.get().letterKeys || inDialog())) return;
  if (presses(event.target, key)) return;
  const before = Date.now() - prefixAt < 1500 ? prefix : '';
  const found = match(registered, before, key);
  prefix = found.hit ? '' : found.prefix;
  prefixAt = Date.now();
  const hit = found.hit as Hotkey | undefined;
  if (!hit) return;
  event.preventDefault();
  hit.run(event);
}

export function useHotkeys(hotkeys: Hotkey[]) {
  const latest = useRef(hotkeys);
  latest.current = hotkeys;
  const shape = hotkeys.map((it) => `${it.keys}\u0000${it.label}`).join('\u0001');
  useEffect(() => {
    const mine = (shape ? shape.split('\u0001') : []).map((line) => {
      const [keys = '', label = ''] = line.split('\u0000');
      return {
        keys,
        label,
        run: (event: KeyboardEvent) => latest.current.find((it) => it.keys === keys)?.run(event),
      };
    });
    if (registered.length === 0) document.addEventListener('keydown', onKey);
    change([...registered, ...mine]);
    return () => {
      change(registered.filter((it) => !mine.includes(it)));
      if (registered.length === 0) document.removeEventListener('keydown', onKey);
    };
  }, [shape]);
}
