import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemWords } from '../lib/use-problem';
import { ErrorView } from '../ui/error-view';
import { Bones } from '../ui/page';
import table from './table.module.css';

interface Props {
  /** What an infinite query tells of itself. */
  list: {
    data: { pages: { items: unknown[] }[] } | undefined;
    error: unknown;
    isPending: boolean;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    fetchNextPage: () => Promise<unknown>;
    refetch: () => Promise<unknown>;
  };
  /** Rows that stand there in grey until the first have come. */
  bones?: number;
  /** Stands there when there is nothing. */
  empty: ReactNode;
  /** The table; drawn when it has rows. */
  children: ReactNode;
}

/** The frame of a list that is read page by page: its rows, their coming, what went wrong, and the way to more. */
export function ListCard({ list, bones = 8, empty, children }: Props) {
  const { t } = useTranslation();
  const words = useProblemWords();
  const none = list.data?.pages.every((page) => page.items.length === 0);
  return (
    <div className={`card ${table.wrap}`}>
      {list.error && !list.data ? <ErrorView error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isPending && !list.error && <Bones rows={bones} />}
      {list.data && (none ? empty : children)}
      {list.hasNextPage && (
        <div className={table.foot}>
          {list.isFetchNextPageError && <span role="alert">{words(list.error).text}</span>}
          <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('common:load_more')}
          </Button>
        </div>
      )}
    </div>
  );
}
