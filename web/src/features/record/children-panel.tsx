import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkRecord } from '../../api/types';
import type { Actions } from '../../shared/desk/use-actions';
import { may } from '../../shared/lib/admin-pages';
import { childrenQuery, meQuery } from '../../shared/lib/queries';
import { SoundIcon } from '../../shared/ui/icons';
import { PhaseMark } from '../../shared/ui/marks';
import own from './children.module.css';
import css from './record.module.css';
import { hasEnded, Unlink } from './unlink';

const AnnounceDialog = lazy(() => import('./announce-dialog').then((it) => ({ default: it.AnnounceDialog })));

/** What hangs below a record: how many, how they stand, and telling all of them at once. */
export function ChildrenPanel({ record, actions }: { record: WorkRecord; actions: Actions }) {
  const { t } = useTranslation('record');
  const { data: me } = useSuspenseQuery(meQuery);
  const [telling, setTelling] = useState(false);
  const list = useInfiniteQuery(childrenQuery(record.type, record.number));
  const counts = list.data?.pages[0];
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (!counts || counts.children + counts.duplicates === 0) return null;
  const announces = may(me, 'announcement.write');
  const told = counts.takes.comment ?? 0;
  return (
    <section className={`card ${own.children}`} aria-label={t('children')}>
      <div className={own.childrenHead}>
        <h2>{t('children')}</h2>
        <span className="dim">
          {t('children_counts', {
            children: counts.children,
            open: counts.unresolved,
            duplicates: counts.duplicates,
            people: counts.requesters,
          })}
          {counts.cut && ` · ${t('children_cut')}`}
        </span>
        {(announces || told > 0) && (
          <Button icon={<SoundIcon />} onClick={() => setTelling(true)}>
            {t('announce')}
          </Button>
        )}
      </div>
      <ul>
        {items.map((it) => (
          <li key={it.number} className={`${css.linkRow} ${own.row}`}>
            <span className="dim">{t(it.kind === 'duplicate' ? 'link_duplicated_by' : 'link_child')}</span>
            <span className="mono dim">{it.number}</span>
            <Link
              className={css.linkTitle}
              to="/w/records/$type/$number"
              params={{ type: it.type, number: it.number }}
              search={{}}
            >
              {it.title}
            </Link>
            <span className="dim">{it.requester.label}</span>
            <PhaseMark phase={it.phase} label={it.state_label} />
            {!(it.kind === 'duplicate' && hasEnded(it.phase)) && (
              <Unlink
                actions={actions}
                to={it.number}
                kind={it.kind === 'duplicate' ? 'duplicated_by' : 'child'}
              />
            )}
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button type="link" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('common:load_more')}
        </Button>
      )}
      <Suspense fallback={null}>
        {telling && (
          <AnnounceDialog
            record={record}
            open={told}
            announces={announces}
            onClose={() => setTelling(false)}
          />
        )}
      </Suspense>
    </section>
  );
}
