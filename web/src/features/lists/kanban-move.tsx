import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { BulkPreview, Pack, RecordItem } from '../../api/types';
import { useActions } from '../../shared/desk/use-actions';
import { toast } from '../../shared/ui/toast';
import type { GroupBy } from './kanban';
import css from './kanban.module.css';

// Actions that move no card: words, links, ticks, who follows, what is promised.
const elsewhere = new Set(
  'comment link check rate urge watch unwatch remind promise_call ask_expert'.split(' '),
);

/** Brings a record where its card was dropped: by the one action that leads there, else by choice. */
export function Move(props: {
  record: RecordItem;
  by: GroupBy;
  to: string;
  pack: Pack | undefined;
  onEnd: () => void;
}) {
  const { t } = useTranslation('lists');
  const { record, by, to, pack, onEnd } = props;
  const columnOf = (state: unknown) =>
    by === 'state' ? state : pack?.states.find((it) => it.key === state)?.phase;
  const actions = useActions(record, { after: onEnd });
  const offered = actions.items.filter((it) => it.enabled && !elsewhere.has(it.key));
  const keys = offered.map((it) => it.key);
  const { data: leads } = useQuery({
    queryKey: ['kanban', record.id, record.version, by, to, keys],
    enabled: keys.length > 0,
    queryFn: async () => {
      if (by === 'team' || by === 'assignee') return ['assign'];
      const looks = keys
        .filter((key) => key !== 'assign')
        .map(async (key) => {
          const looked = await call<BulkPreview>(
            api.POST('/api/v1/records/{type}/bulk', {
              params: { path: { type: record.type } },
              body: { numbers: [record.number], action: key, fields: {}, preview: true } as never,
            }),
          );
          const item = looked.items[0];
          if (!item) return undefined;
          const moved = item.changes.find((it) => it.field === 'state')?.new;
          // What asks for more first may lead there, too.
          return item.open
            ? moved !== undefined && columnOf(moved) === to
              ? { key, sure: true }
              : undefined
            : { key, sure: false };
        });
      const found = (await Promise.all(looks)).flatMap((it) => it ?? []);
      const sure = found.filter((it) => it.sure);
      return (sure.length > 0 ? sure : found).map((it) => it.key);
    },
  });
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
  return (
    <>
      {several.length > 0 && (
        <div className={css.choice} role="dialog" aria-label={t('kanban_choose', { number: record.number })}>
          <p>{t('kanban_choose', { number: record.number })}</p>
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
