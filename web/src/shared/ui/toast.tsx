// Short words at the top of the page about what just happened. They are announced to assistive
// technology, go by themselves, and stay while the pointer is on them.
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { serverState } from '../../api/server-state';
import { CloseIcon } from './icons';
import css from './toast.module.css';

type Kind = 'success' | 'warning' | 'error';
interface Toast {
  id: number;
  kind: Kind;
  text: string;
  /** The server's own words, smaller. */
  detail?: string;
  /** What can be done about it at once. */
  action?: ToastAction;
  /** Says that the server was not reached: old news as soon as it is. */
  unreached?: boolean;
}
interface ToastAction {
  label: string;
  run: () => void;
}

let shown: Toast[] = [];
let last = 0;
const watchers = new Set<() => void>();
function change(next: Toast[]) {
  shown = next.slice(-3);
  for (const watch of watchers) watch();
}
const close = (id: number) => change(shown.filter((it) => it.id !== id));
const say = (kind: Kind, unreached?: boolean) => (text: string, detail?: string, action?: ToastAction) => {
  last += 1;
  // The same words need not stand there twice.
  const others = shown.filter((it) => it.kind !== kind || it.text !== text || it.detail !== detail);
  change([...others, { id: last, kind, text, detail, action, unreached }]);
};

export const toast = {
  success: say('success'),
  warning: say('warning'),
  error: say('error'),
  unreached: say('error', true),
};

const stay: Record<Kind, number> = { success: 3000, warning: 6000, error: 8000 };
const sign: Record<Kind, string> = { success: '✓', warning: '!', error: '!' };

export function Toasts() {
  const items = useSyncExternalStore(
    (watch) => {
      watchers.add(watch);
      return () => watchers.delete(watch);
    },
    () => shown,
  );
  useEffect(() => {
    const end = serverState.subscribe(() => {
      if (serverState.get().reachable) change(shown.filter((it) => !it.unreached));
    });
    return () => void end();
  }, []);
  return (
    <section className={css.holder} aria-live="polite" data-no-print>
      {items.map((it) => (
        <Item key={it.id} item={it} />
      ))}
    </section>
  );
}

function Item({ item }: { item: Toast }) {
  const { t } = useTranslation();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    // What offers something stays until one can have decided.
    const timer = setTimeout(() => close(item.id), item.action ? 12_000 : stay[item.kind]);
    return () => clearTimeout(timer);
  }, [held, item.id, item.kind, item.action]);
  return (
    <div
      className={css.toast}
      data-kind={item.kind}
      role={item.kind === 'error' ? 'alert' : undefined}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
    >
      <span className={css.sign} aria-hidden="true">
        {sign[item.kind]}
      </span>
      <span>
        {item.text}
        {item.detail && <span className={`dim small ${css.detail}`}>{item.detail}</span>}
      </span>
      {item.action && (
        <button
          type="button"
          className={`plain ${css.action}`}
          onClick={() => {
            close(item.id);
            item.action?.run();
          }}
        >
          {item.action.label}
        </button>
      )}
      <button
        type="button"
        className={`plain ${css.close}`}
        aria-label={t('common:close')}
        onClick={() => close(item.id)}
      >
        <CloseIcon />
      </button>
    </div>
  );
}
