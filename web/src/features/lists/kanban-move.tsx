import { Button } from 'antd';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Pack, RecordItem } from '../../api/types';
import { useActions } from '../../shared/desk/use-actions';
import { toast } from '../../shared/ui/toast';
import type { GroupBy } from './kanban';
import css from './kanban.module.css';
import { leading } from './leading';

/** Where the pointer let go. */
export interface Point {
  x: number;
  y: number;
}

/** Brings a record where its card was dropped: by the one action that leads there, else by choice. */
export function Move(props: {
  record: RecordItem;
  by: GroupBy;
  to: string;
  /** What that column is called. */
  label: string;
  at: Point;
  pack: Pack | undefined;
  onEnd: () => void;
}) {
  const { t } = useTranslation('lists');
  const { record, by, to, label, at, pack, onEnd } = props;
  const actions = useActions(record, { after: onEnd });
  const leads = actions.items.length > 0 ? leading(actions.items, record, by, to, pack) : undefined;
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    if (!leads || asked) return;
    setAsked(true);
    const only = leads.length === 1 ? actions.get(leads[0] ?? '') : undefined;
    if (only?.enabled) {
      if (only.key === 'assign' && by === 'assignee' && to)
        void actions.run(only, { assignee: to }).catch(onEnd);
      else actions.start(only);
    } else if (leads.length === 0 || !actions.get(leads[0] ?? '')) {
      toast.warning(t('kanban_no_way'));
      onEnd();
    }
  }, [leads, asked, actions, by, to, onEnd, t]);
  const several = leads && leads.length > 1 ? leads : [];
  const choice = useRef<HTMLDivElement>(null);
  const open = several.length > 0;
  // Beside the pointer, and within the window.
  useLayoutEffect(() => {
    const box = choice.current;
    if (!open || !box) return;
    const { width, height } = box.getBoundingClientRect();
    const within = (value: number, most: number) => Math.max(8, Math.min(value, most - 8));
    box.style.left = `${within(at.x - width / 2, window.innerWidth - width)}px`;
    box.style.top = `${within(at.y + 12, window.innerHeight - height)}px`;
    box.querySelector('button')?.focus();
  }, [open, at]);
  return (
    <>
      {several.length > 0 && (
        <div
          ref={choice}
          className={css.choice}
          role="dialog"
          aria-label={t('kanban_choose', { number: record.number, label })}
          onKeyDown={(event) => event.key === 'Escape' && onEnd()}
        >
          <p>{t('kanban_choose', { number: record.number, label })}</p>
          {several.map((key) => {
            const action = actions.get(key);
            return (
              action && (
                <Button key={key} onClick={() => actions.start(action)}>
                  {action.label}
                </Button>
              )
            );
          })}
          <Button type="text" onClick={onEnd}>
            {t('common:back')}
          </Button>
        </div>
      )}
      {actions.dialog}
    </>
  );
}
