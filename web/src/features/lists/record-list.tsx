import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordItem } from '../../api/types';
import { packQuery, type RecordFilter, recordsQuery } from '../../shared/lib/queries';
import table from '../../shared/table/table.module.css';
import { useRowKeys } from '../../shared/table/use-row-keys';
import { useStableRows } from '../../shared/table/use-stable-rows';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones } from '../../shared/ui/page';
import { RecordTable } from './record-table';

interface Props {
  type: string;
  filter: RecordFilter;
  withTeam: boolean;
  empty: ReactNode;
}

/** The records a filter finds, page after page, kept in place while the pointer is over them. */
export function RecordList({ type, filter, withTeam, empty }: Props) {
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
  const priorities = Object.fromEntries((pack?.priorities ?? []).map((it) => [it.key, it.label]));
  return (
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
            onPick={(row) => setCurrent(row.id)}
          />
          <div className={table.foot}>
            {list.hasNextPage ? (
              <Button onClick={more} loading={list.isFetchingNextPage}>
                {t('common:load_more')}
              </Button>
            ) : (
              held.rows.length > 20 && t('end')
            )}
          </div>
        </>
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
