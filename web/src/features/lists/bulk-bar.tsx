import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Dropdown } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/error';
import type { Action, Pack, RecordItem } from '../../api/types';
import { packSchema, toBody } from '../../shared/desk/pack-form';
import type { Values } from '../../shared/form/schema';
import { actionsQuery, type RecordFilter } from '../../shared/lib/queries';
import { CloseIcon, DownIcon } from '../../shared/ui/icons';
import { type BulkOrder, bulkPreviewQuery, refusalOfAll } from './bulk-order';
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

/** What is under way: what was selected when it began stays what it is about, wherever the rows go meanwhile. */
interface Work {
  /** What the first of them offers stands for all. */
  first: RecordItem;
  which: object;
  numbers: string[];
  /** What is to be done. */
  action: Action;
  /** A record is chosen first that they go below. */
  below?: boolean;
  /** What was entered, for whoever comes back to it. */
  entered?: Values;
  order?: BulkOrder;
}

/** Actions that mean something on one record alone. */
const alone = new Set(['rate', 'link', 'unlink', 'check']);
const edited = ['site', 'service', 'category', 'impact', 'urgency'];

const fieldsAsked = (action: Action) =>
  (action.schema as { properties?: Record<string, { title?: string }> } | null)?.properties ?? {};
const asks = (action: Action) => Object.keys(fieldsAsked(action)).length > 0;

/** What can be done with the selected rows; what the first of them offers stands for all. */
export function BulkBar({ type, pack, filter, rows, more, selection }: Props) {
  const { t } = useTranslation('lists');
  const client = useQueryClient();
  const selected = rows.find((it) => selection.numbers.has(it.number));
  const { data } = useQuery({
    ...actionsQuery(type, selected?.number ?? ''),
    enabled: selected !== undefined,
  });
  const [work, setWork] = useState<Work>();
  const end = () => setWork(undefined);
  // Several reports of one failure: they hang below the one that is worked on.
  const link = data?.items.find((it) => it.key === 'link' && it.enabled);

  const begin = (action: Action): Work | undefined => {
    if (!selected) return undefined;
    const { sort: _sort, fields: _fields, filter: condition, ...query } = filter;
    const numbers = rows.map((it) => it.number).filter((it) => selection.numbers.has(it));
    const which = selection.all
      ? { query, filter: condition ? (JSON.parse(condition) as unknown) : null }
      : { numbers };
    return { first: selected, which, numbers, action };
  };
  const orderOf = (of: Work, action: Action, fields: Values): BulkOrder => {
    const labels = Object.entries(fieldsAsked(action)).map(([name, it]) => [name, it.title ?? name]);
    const body = { ...of.which, action: action.key, fields };
    return { label: action.label, labels: Object.fromEntries(labels), body };
  };
  const start = (action: Action) => {
    const begun = begin(action);
    setWork(begun && (asks(action) ? begun : { ...begun, order: orderOf(begun, action, {}) }));
  };
  // What is wrong with what was entered is said where it is entered; what is wrong with single records, in the preview.
  const choose = async (of: Work, action: Action, entered: Values) => {
    const fields = action.key === 'edit' ? toBody(entered) : entered;
    const order = orderOf(of, action, fields);
    const looked = await client.fetchQuery(bulkPreviewQuery(type, order)).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 422) throw error;
      return undefined;
    });
    const refused = looked && refusalOfAll(looked);
    if (refused) throw refused;
    setWork({ ...of, action, entered, order });
  };
  const startBelow = () => {
    const begun = link && begin({ ...link, label: t('bulk_parent') });
    setWork(begun && { ...begun, below: true });
  };
  const returns = work && (work.below || asks(work.action));
  return (
    <>
      {selected && <Bar {...{ pack, data, more, selection, start }} onParent={link && startBelow} />}
      <Suspense fallback={null}>
        {work && !work.below && !work.order && (
          <ActionDialog
            key={work.action.key}
            action={work.action}
            record={work.first}
            pack={pack}
            entered={work.entered}
            onRun={(action, fields) => choose(work, action, fields)}
            onClose={end}
          />
        )}
        {work?.below && !work.order && (
          <ParentDialog
            type={type}
            numbers={work.numbers}
            chosen={typeof work.entered?.to === 'string' ? work.entered.to : undefined}
            onChoose={(to) => {
              const entered = { to, kind: 'parent' };
              setWork({ ...work, entered, order: orderOf(work, work.action, entered) });
            }}
            onClose={end}
          />
        )}
        {work?.order && (
          <BulkDialog
            type={type}
            order={work.order}
            onBegun={selection.clear}
            onBack={() => setWork(returns ? { ...work, order: undefined } : undefined)}
            onClose={end}
          />
        )}
      </Suspense>
    </>
  );
}

function Bar(props: {
  pack: Pack | undefined;
  data: { items: Action[] } | undefined;
  more: boolean;
  selection: Selection;
  start: (action: Action) => void;
  onParent?: () => void;
}) {
  const { t } = useTranslation('lists');
  const { pack, data, more, selection, start, onParent } = props;
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
  return (
    <section className={css.bulk} aria-label={t('bulk')}>
      <output>{selection.all ? t('bulk_all') : t('bulk_count', { count: selection.numbers.size })}</output>
      {more && !selection.all && (
        <Button type="link" size="small" onClick={selection.everything}>
          {t('bulk_everything')}
        </Button>
      )}
      {shown.map((it) => (
        <Button key={it.key} data-action={it.key} onClick={() => start(it)}>
          {it.label}
        </Button>
      ))}
      {onParent && <Button onClick={onParent}>{t('bulk_parent')}</Button>}
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
    </section>
  );
}
