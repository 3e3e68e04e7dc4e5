import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Action, Pack, RecordItem } from '../../api/types';
import { packSchema, toBody } from '../../shared/desk/pack-form';
import type { Values } from '../../shared/form/schema';
import { actionsQuery, type RecordFilter } from '../../shared/lib/queries';
import { CloseIcon, DownIcon } from '../../shared/ui/icons';
import type { BulkOrder } from './bulk-dialog';
import css from './lists.module.css';
import type { Selection } from './selection';

const ActionDialog = lazy(() =>
  import('../../shared/desk/action-dialog').then((it) => ({ default: it.ActionDialog })),
);
const ParentDialog = lazy(() => import('./parent-dialog').then((it) => ({ default: it.ParentDialog })));
const BulkDialog = lazy(() => import('./bulk-dialog').then((it) => ({ default: it.BulkDialog })));

interface Props {
  type: string;
  pack: Pack | undefined;
  filter: RecordFilter;
  rows: RecordItem[];
  more: boolean;
  selection: Selection;
}

/** Actions that mean something on one record alone. */
const alone = new Set(['rate', 'link', 'unlink', 'check']);
const edited = ['site', 'service', 'category', 'impact', 'urgency'];

const asks = (action: Action) =>
  Object.keys((action.schema as { properties?: object } | null)?.properties ?? {}).length > 0;

/** What can be done with the selected rows; what the first of them offers stands for all. */
export function BulkBar({ type, pack, filter, rows, more, selection }: Props) {
  const { t } = useTranslation('lists');
  const first = rows.find((it) => selection.numbers.has(it.number));
  const { data } = useQuery({ ...actionsQuery(type, first?.number ?? ''), enabled: first !== undefined });
  const [asking, setAsking] = useState<Action>();
  const [order, setOrder] = useState<BulkOrder>();
  const [choosing, setChoosing] = useState(false);
  if (!first || selection.numbers.size === 0) return null;

  const offered = (data?.items ?? []).filter((it) => it.enabled && !alone.has(it.key));
  const edit: Action | undefined = pack && {
    key: 'edit',
    kind: 'command',
    label: t('bulk_edit'),
    schema: packSchema(pack, edited),
    enabled: true,
    reason: null,
  };
  const shown = [
    ...offered.filter((it) => it.key === 'assign' || it.key === 'comment'),
    ...(edit ? [edit] : []),
  ];
  const others = offered.filter((it) => !shown.includes(it));
  // Several reports of one failure: they hang below the one that is worked on.
  const link = data?.items.find((it) => it.key === 'link' && it.enabled);
  const { sort: _sort, fields: _fields, filter: condition, ...query } = filter;
  const choose = (action: Action, fields: Values) => {
    const which = selection.all
      ? { query, filter: condition ? (JSON.parse(condition) as unknown) : null }
      : { numbers: rows.map((it) => it.number).filter((it) => selection.numbers.has(it)) };
    setAsking(undefined);
    setOrder({ label: action.label, body: { ...which, action: action.key, fields } });
  };
  const start = (action: Action) => (asks(action) ? setAsking(action) : choose(action, {}));
  return (
    <section className={css.bulk} aria-label={t('bulk')}>
      <output>{selection.all ? t('bulk_all') : t('bulk_count', { count: selection.numbers.size })}</output>
      {more && !selection.all && (
        <Button type="link" size="small" onClick={selection.everything}>
          {t('bulk_everything')}
        </Button>
      )}
      {shown.map((it) => (
        <Button key={it.key} onClick={() => start(it)}>
          {it.label}
        </Button>
      ))}
      {link && <Button onClick={() => setChoosing(true)}>{t('bulk_parent')}</Button>}
      {others.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: others.map((it) => ({ key: it.key, label: it.label })),
            onClick: ({ key }) => {
              const action = others.find((it) => it.key === key);
              if (action) start(action);
            },
          }}
        >
          <Button aria-haspopup="menu" icon={<DownIcon />} iconPlacement="end">
            {t('common:more')}
          </Button>
        </Dropdown>
      )}
      <Button type="text" icon={<CloseIcon />} aria-label={t('bulk_clear')} onClick={selection.clear} />
      <Suspense fallback={null}>
        {asking && (
          <ActionDialog
            key={asking.key}
            action={asking}
            record={first}
            pack={pack}
            onRun={async (action, fields) => choose(action, action.key === 'edit' ? toBody(fields) : fields)}
            onClose={() => setAsking(undefined)}
          />
        )}
        {choosing && link && (
          <ParentDialog
            type={type}
            numbers={[...selection.numbers]}
            onChoose={(to) => {
              setChoosing(false);
              choose({ ...link, label: t('bulk_parent') }, { to, kind: 'parent' });
            }}
            onClose={() => setChoosing(false)}
          />
        )}
        {order && (
          <BulkDialog
            type={type}
            order={order}
            onDone={selection.clear}
            onClose={() => setOrder(undefined)}
          />
        )}
      </Suspense>
    </section>
  );
}
