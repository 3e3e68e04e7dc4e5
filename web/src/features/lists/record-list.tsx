import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordItem } from '../../api/types';
import split from '../../shared/desk/peek.module.css';
import { useHotkeys } from '../../shared/lib/hotkeys';
import { packQuery, type RecordFilter, recordsQuery } from '../../shared/lib/queries';
import table from '../../shared/table/table.module.css';
import { useRowKeys } from '../../shared/table/use-row-keys';
import { useStableRows } from '../../shared/table/use-stable-rows';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones } from '../../shared/ui/page';
import { BulkBar } from './bulk-bar';
import type { GroupBy } from './kanban';
import { RecordTable } from './record-table';
import { useSelection } from './selection';

const Kanban = lazy(() => import('./kanban').then((it) => ({ default: it.Kanban })));
const Peek = lazy(() => import('../../shared/desk/peek').then((it) => ({ default: it.Peek })));

interface Props {
  type: string;
  filter: RecordFilter;
  columns: string[];
  /** A kanban divided by this, instead of a table. */
  kanban?: GroupBy;
  empty: ReactNode;
  peek: string | undefined;
  onPeek: (peek: string | undefined) => void;
}

/** The records a filter finds, page after page, kept in place while the pointer is over them. */
export function RecordList({ type, filter, columns, kanban, empty, peek, onPeek }: Props) {
  const { t } = useTranslation('lists');
  const area = useRef<HTMLDivElement>(null);
  const list = useInfiniteQuery(recordsQuery(type, filter));
  const { data: pack } = useQuery(packQuery(type));
  const fresh: RecordItem[] = list.data?.pages.flatMap((page) => page.items) ?? [];
  // What still shows the list before is no row of this one.
  const held = useStableRows(fresh, area, JSON.stringify([type, filter, list.isPlaceholderData]));
  const more = () => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  };
  const { current, setCurrent } = useRowKeys(
    held.rows.map((it) => it.id),
    more,
  );
  const nameOf = (id: string | undefined) => {
    const row = held.rows.find((it) => it.id === id);
    return row && `${row.type}/${row.number}`;
  };
  const here = nameOf(current);
  const order = useMemo(() => held.rows.map((it) => it.number), [held.rows]);
  const selection = useSelection(order);
  const pick = (stretch: boolean) => {
    const row = held.rows.find((it) => it.id === current);
    if (row) selection.toggle(row.number, stretch);
  };
  useHotkeys([
    { keys: 'p', label: t('key_peek'), run: () => onPeek(peek ? undefined : here) },
    { keys: 'x', label: t('key_select'), run: (event) => pick(event.shiftKey) },
  ]);
  // With the panel open, moving through the list moves the panel along.
  const open = peek !== undefined;
  useEffect(() => {
    if (open && here && matchMedia('(width > 1200px)').matches) onPeek(here);
  }, [open, here, onPeek]);
  const foot = (list.hasNextPage || held.rows.length > 20) && (
    <div className={table.foot}>
      {list.hasNextPage ? (
        <Button onClick={more} loading={list.isFetchingNextPage}>
          {t('common:load_more')}
        </Button>
      ) : (
        t('end')
      )}
    </div>
  );
  const look = (row: RecordItem) => {
    setCurrent(row.id);
    onPeek(nameOf(row.id));
  };
  return (
    <div className={split.split} data-open={open || undefined}>
      <div ref={area} className={`card ${table.wrap}`} aria-busy={list.isFetching}>
        {list.error && !list.data && <ErrorView error={list.error} retry={() => void list.refetch()} />}
        {list.isPending && !list.error && <Bones rows={14} />}
        {held.waiting > 0 && (
          <button type="button" className={table.notice} onClick={held.release}>
            {t('waiting', { count: held.waiting })}
          </button>
        )}
        {list.data && held.rows.length === 0 && empty}
        {held.rows.length > 0 && kanban && (
          <Suspense fallback={<Bones rows={6} />}>
            <Kanban
              rows={held.rows}
              by={kanban}
              pack={pack}
              more={foot}
              partly={list.hasNextPage}
              onPeek={look}
            />
          </Suspense>
        )}
        {held.rows.length > 0 && !kanban && (
          <>
            <RecordTable
              rows={held.rows}
              current={current}
              gone={held.gone}
              pack={pack}
              columns={columns}
              selection={selection}
              onPick={(row) => setCurrent(row.id)}
              onPeek={look}
            />
            {foot}
          </>
        )}
        {!kanban && (
          <BulkBar
            type={type}
            pack={pack}
            filter={filter}
            rows={held.rows}
            more={list.hasNextPage}
            selection={selection}
          />
        )}
      </div>
      {peek && (
        <Suspense fallback={null}>
          <Peek peek={peek} onClose={() => onPeek(undefined)} />
        </Suspense>
      )}
    </div>
  );
}

/** What the loaded part of a list says at a glance. */
export function useListAnswer(type: string, filter: RecordFilter, counted = false): string {
  const { t } = useTranslation('lists');
  const { data, hasNextPage, isError } = useInfiniteQuery(recordsQuery(type, filter));
  // The list itself says what went wrong.
  if (!data) return isError ? '' : t('answer_loading');
  const items = data.pages.flatMap((page) => page.items);
  const urgent = items.filter((it) => it.priority === 'p1' || it.priority === 'p2').length;
  const unaccepted = items.filter((it) => it.phase === 'new').length;
  const loaded = t(hasNextPage ? 'answer_more' : 'answer', { count: items.length });
  if (counted) return loaded;
  return [
    loaded,
    urgent > 0 && t('urgent', { count: urgent }),
    unaccepted > 0 && t('unaccepted', { count: unaccepted }),
  ]
    .filter(Boolean)
    .join(' · ');
}
