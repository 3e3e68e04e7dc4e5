import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Job } from '../../api/types';
import { may } from '../../shared/lib/admin-pages';
import { jobsQuery, meQuery } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import { ListCard } from '../../shared/table/list-card';
import table from '../../shared/table/table.module.css';
import { SyncIcon } from '../../shared/ui/icons';
import { Empty, PageHead, useTitle } from '../../shared/ui/page';
import { TimeAgo } from '../../shared/ui/time-ago';
import css from './admin.module.css';

export function JobsPage() {
  const { t } = useTranslation('admin');
  const list = useInfiniteQuery(jobsQuery());
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const { data: me } = useQuery(meQuery);
  const mayDecide = me ? may(me, 'job.write') : false;
  useTitle(t('jobs'));
  return (
    <>
      <PageHead title={t('jobs')} answer={t('jobs_answer')} />
      <ListCard
        list={list}
        bones={6}
        empty={
          <Empty icon={<SyncIcon />} title={t('no_jobs')} text={t('no_jobs_text')}>
            {me && may(me, 'import') && (
              <Link to="/w/admin/import" search={{}}>
                {t('import_them')}
              </Link>
            )}
          </Empty>
        }
      >
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
              {mayDecide && (
                <th scope="col">
                  <span className="visually-hidden">{t('decide')}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {items.map((it) => (
              <tr key={it.id}>
                <td>{t(`job_${it.kind}`, { defaultValue: it.kind })}</td>
                <td
                  className={it.state === 'failed' || it.state === 'interrupted' ? css.bad : undefined}
                  title={it.error ?? undefined}
                >
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
                {mayDecide && (
                  <td className={table.end}>
                    <Decide job={it} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </ListCard>
    </>
  );
}

/** Stops a job that is under way, or lets one go on that has ended without being done. */
function Decide({ job }: { job: Job }) {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const problem = useProblem();
  const path = { params: { path: { id: job.id } } };
  const done = { onSuccess: () => client.invalidateQueries({ queryKey: ['jobs'] }), onError: problem };
  const cancel = useMutation({ mutationFn: () => call(api.POST('/api/v1/jobs/{id}/cancel', path)), ...done });
  const again = useMutation({ mutationFn: () => call(api.POST('/api/v1/jobs/{id}/again', path)), ...done });
  if (job.state === 'waiting' || job.state === 'running') {
    return (
      <Button size="small" loading={cancel.isPending} onClick={() => cancel.mutate()}>
        {t('cancel_job')}
      </Button>
    );
  }
  if (job.can_run_again) {
    return (
      <Button size="small" loading={again.isPending} onClick={() => again.mutate()}>
        {t('job_again')}
      </Button>
    );
  }
  return null;
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
