import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHotkeys } from '../lib/hotkeys';

/** j and k move through the rows, by giving the focus to each row's link; Enter is then the link's own. */
export function useRowKeys(ids: string[], onEnd?: () => void) {
  const { t } = useTranslation();
  const [current, setCurrent] = useState<string>();
  const go = (step: number) => {
    const index = current ? ids.indexOf(current) : -1;
    const next = Math.max(0, index + step);
    if (next >= ids.length) return onEnd?.();
    const id = ids[next];
    if (!id) return;
    setCurrent(id);
    const row = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);
    row?.querySelector<HTMLElement>('a')?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
  };
  useHotkeys([
    { keys: 'j', label: t('common:key_next'), run: () => go(1) },
    { keys: 'k', label: t('common:key_previous'), run: () => go(-1) },
  ]);
  return { current, setCurrent };
}
