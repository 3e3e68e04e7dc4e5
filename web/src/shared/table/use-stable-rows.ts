import { type RefObject, useEffect, useRef, useState } from 'react';
import { type Held, stableOrder } from './stable-order';

/** Rows held in place while the pointer is over the list; `listKey` names the filter, a new one starts afresh. */
export function useStableRows<T extends { id: string }>(
  fresh: T[],
  area: RefObject<HTMLElement | null>,
  listKey: string,
): Held<T> & { release: () => void } {
  const [over, setOver] = useState(false);
  const shown = useRef<{ key: string; rows: T[] }>({ key: listKey, rows: [] });
  const [, again] = useState(0);
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    const enter = (event: PointerEvent) => event.pointerType === 'mouse' && setOver(true);
    const leave = () => setOver(false);
    element.addEventListener('pointerenter', enter);
    element.addEventListener('pointerleave', leave);
    return () => {
      element.removeEventListener('pointerenter', enter);
      element.removeEventListener('pointerleave', leave);
    };
  }, [area]);
  if (shown.current.key !== listKey) shown.current = { key: listKey, rows: [] };
  const held = stableOrder(shown.current.rows, fresh, over);
  useEffect(() => {
    shown.current = { key: listKey, rows: held.rows };
  });
  const release = () => {
    shown.current = { key: listKey, rows: [] };
    again((count) => count + 1);
  };
  return { ...held, release };
}
