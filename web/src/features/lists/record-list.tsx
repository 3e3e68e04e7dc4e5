import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
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
import { RecordTable } from './record-table';

const Peek = lazy(() => import('../../shared/desk/peek').then((it) => ({ default: it.Peek })));

interface Props {
  type: string;
  filter: RecordFilter;
  withTeam: boolean;
  empty: ReactNode;
  peek: string | undefined;
  onPeek: (peek: string | undefined) => void;
}

/** The records a filter finds, page after page, kept in place while the pointer is over them. */
export function RecordList({ type, filter, withTeam, empty, peek, onPeek }: Props) {
  const { t } = useTranslation('lists');
  const area = useRef<HTMLDivElement>(null);
  const list = useInfiniteQuery(recordsQuery(type, filter));
  const { data: pack } = useQuery(packQuery(type));
  const fresh: RecordItem[] = list.data?.pages.flatMap((page) => page.items) ?? [];
  const held = useStableRows(fresh, area, JSON.stringify([type, filter]));
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
  useHotkeys([{ keys: 'p', label: t('key_peek'), run: () => onPeek(peek ? undefined : here) }]);
  // With the panel open, moving through the list moves the panel along.
  const open = peek !== undefined;
  useEffect(() => {
    if (open && here && matchMedia('(width > 1200px)').matches) onPeek(here);
  }, [open, here, onPeek]);
  const priorities = Object.fromEntries((pack?.priorities ?? []).map((it) => [it.key, it.label]));
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
        {held.rows.length > 0 && (
          <>
            <RecordTable
              rows={held.rows}
              current={current}
              gone={held.gone}
              priorities={priorities}
              withTeam={withTeam}
              time={filter.sort?.includes('opened_at') ? 'opened_at' : 'updated_at'}
              onPick={(row) => setCurrent(row.id)}
              onPeek={(row) => {
                setCurrent(row.id);
                onPeek(nameOf(row.id));
              }}
            />
            {(list.hasNextPage || held.rows.length > 20) && (
              <div className={table.foot}>
                {list.hasNextPage ? (
                  <Button onClick={more} loading={list.isFetchingNextPage}>
                    {t('common:load_more')}
                  </Button>
                ) : (
                  t('end')
                )}
              </div>
            )}
          </>
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
export function useListAnswer(type: string, filter: RecordFilter): string {
  const { t } = useTranslation('lists');
  const { data, hasNextPage } = useInfiniteQuery(recordsQuery(type, filter));
  if (!data) return t('answer_loading');
  const items = data.pages.flatMap((page) => page.items);
  const urgent = items.filter((it) => it.priority === 'p1' || it.priority === 'p2').length;
  const unaccepted = items.filter((it) => it.phase === 'new').length;
  return [
    t(hasNextPage ? 'answer_more' : 'answer', { count: items.length }),
    urgent > 0 && t('urgent', { count: urgent }),
    unaccepted > 0 && t('unaccepted', { count: unaccepted }),
  ]
    .filter(Boolean)
    .join(' · ');
}
