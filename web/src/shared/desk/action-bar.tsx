import { Button, Dropdown, Tooltip } from 'antd';
import { type ReactNode, type Ref, useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Action } from '../../api/types';
import { DownIcon } from '../ui/icons';
import css from './desk.module.css';
import { ending } from './ending';
import type { Actions } from './use-actions';

// Commands with a place of their own on the page, and those that stand beside the outcomes.
const elsewhere = new Set(['comment', 'watch', 'unwatch', 'check', 'unlink']);
const beside = new Set(['accept', 'assign', 'hold', 'resume']);

/** Which actions stand in the bar, which one is the obvious next, and which are under “more”. */
export function arrange(items: Action[]) {
  const shown = items.filter((it) => !elsewhere.has(it.key));
  const accept = shown.filter((it) => it.key === 'accept' && it.enabled);
  const outcomes = shown.filter((it) => it.kind === 'outcome');
  const commands = shown.filter(
    (it) => it.kind === 'command' && it.key !== 'accept' && it.enabled && beside.has(it.key),
  );
  const bar = [...accept, ...outcomes, ...commands];
  const primary = bar.find((it) => it.enabled && (it.kind === 'outcome' || it.key === 'accept'));
  return { bar, primary, more: shown.filter((it) => !bar.includes(it)) };
}

/** What can be done beside the server's actions. */
export interface Extra {
  key: string;
  label: string;
  run: () => void;
}

interface Props {
  actions: Actions;
  extras?: Extra[];
  first?: Ref<HTMLDivElement>;
  /** Stands at the end of the bar. */
  children?: ReactNode;
}

export function ActionBar({ actions, extras = [], first, children }: Props) {
  const { t } = useTranslation('desk');
  const { bar, primary, more } = arrange(actions.items);
  const id = useId();
  useFocusKept(id, actions);
  return (
    <div id={id} ref={first} className={css.bar} role="toolbar" aria-label={t('actions')} data-no-print>
      {bar.map((it) => (
        <ActionButton
          key={it.key}
          action={it}
          primary={it === primary}
          busy={actions.busy === it.key}
          onRun={() => actions.start(it)}
        />
      ))}
      {more.length + extras.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{
            onClick: ({ key }) => {
              const action = actions.get(key);
              if (action) actions.start(action);
              else extras.find((it) => it.key === key)?.run();
            },
            items: [
              ...more.map((it) => ({
                key: it.key,
                danger: ending(it) && it.enabled,
                disabled: !it.enabled,
                label: (
                  <>
                    {it.label}
                    {!it.enabled && it.reason && <span className={css.menuReason}>{it.reason}</span>}
                  </>
                ),
              })),
              ...extras.map((it) => ({ key: it.key, label: it.label })),
            ],
          }}
        >
          <Button aria-haspopup="menu" aria-label={t('more_actions')} icon={<DownIcon />} iconPlacement="end">
            {t('common:more')}
          </Button>
        </Dropdown>
      )}
      {children}
    </div>
  );
}

/** What was pressed may be gone once it is done: who works by keyboard or ear goes on at the actions that there are now. */
function useFocusKept(id: string, { busy, items }: Actions) {
  const acted = useRef(false);
  useEffect(() => {
    if (busy) acted.current = true;
  }, [busy]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other actions than before are what moves it
  useEffect(() => {
    if (!acted.current) return;
    acted.current = false;
    // A dialog that closes gives the focus back by itself, where it can.
    setTimeout(() => {
      const lost = !document.activeElement || document.activeElement === document.body;
      if (lost) document.getElementById(id)?.querySelector('button')?.focus({ preventScroll: true });
    }, 400);
  }, [items]);
}

/** A button that, when it cannot be used, still takes the focus and says why. */
export function ActionButton(props: { action: Action; primary: boolean; busy: boolean; onRun: () => void }) {
  const { action, primary, busy, onRun } = props;
  if (action.enabled) {
    return (
      <Button type={primary ? 'primary' : 'default'} loading={busy} onClick={onRun}>
        {action.label}
      </Button>
    );
  }
  return (
    <Tooltip title={action.reason} trigger={['hover', 'focus']}>
      <Button className={css.off} aria-disabled="true">
        {action.label}
        <span className="visually-hidden">{action.reason}</span>
      </Button>
    </Tooltip>
  );
}
