import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../api/types';
import { jobsQuery } from '../../shared/lib/queries';
import table from '../../shared/table/table.module.css';
import { ErrorView } from '../../shared/ui/error-view';
import { SyncIcon } from '../../shared/ui/icons';
import { Bones, Empty, PageHead, useTitle } from '../../shared/ui/page';
import { TimeAgo } from '../../shared/ui/time-ago';
import css from './admin.module.css';

export function JobsPage() {
  const { t } = useTranslation('admin');
  const list = useInfiniteQuery(jobsQuery());
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  useTitle(t('jobs'));
  return (
    <>
      <PageHead title={t('jobs')} answer={t('jobs_answer')} />
      <div className={`card ${table.wrap}`}>
        {list.error && !list.data && <ErrorView error={list.error} retry={() => void list.refetch()} />}
        {list.isPending && !list.error && <Bones rows={6} />}
        {list.data && items.length === 0 && (
          <Empty icon={<SyncIcon />} title={t('no_jobs')} text={t('no_jobs_text')} />
        )}
        {items.length > 0 && (
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col">{t('kind')}</th>
                <th scope="col">{t('state')}</th>
                <th scope="col">{t('progress')}</th>
                <th scope="col" className={table.wide}>
                  {t('started')}
                </th>
                <th scope="col" className={table.wide}>
                  {t('finished')}
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((it) => (
                <tr key={it.id}>
                  <td>{t(`job_${it.kind}`, { defaultValue: it.kind })}</td>
                  <td className={it.state === 'failed' ? css.bad : undefined} title={it.error ?? undefined}>
                    {t(`state_${it.state}`, { defaultValue: it.state })}
                    {it.error && <span className="dim"> {it.error}</span>}
                  </td>
                  <td>
                    <Progress job={it} />
                  </td>
                  <td className={table.wide}>
                    <TimeAgo at={it.started_at ?? it.created_at} />
                  </td>
                  <td className={table.wide}>
                    <TimeAgo at={it.ended_at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {list.hasNextPage && (
          <div className={table.foot}>
            <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t('common:load_more')}
            </Button>
          </div>
        )}
      </div>
    </>
  );
}

function Progress({ job }: { job: Job }) {
  const { t } = useTranslation('admin');
  const part = job.total ? job.done / job.total : undefined;
  const count = job.total ? `${job.done} / ${job.total}` : job.done;
  return (
    <span className={css.bar}>
      {job.state === 'running' && part !== undefined && <progress value={part} aria-label={t('progress')} />}
      {count}
    </span>
  );
}
