import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Modal, Progress } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Begun } from '../../api/types';
import { jobQuery, jobRowsQuery } from '../lib/queries';
import { single } from '../lib/single-click';
import { useProblem } from '../lib/use-problem';
import table from '../table/table.module.css';
import { toast } from '../ui/toast';

/** A job on many records: progress, the result of each row, the way back. */
export function JobDialog(props: {
  job: string;
  title: string;
  /** What is known of a row that was refused, in the person's own words. */
  said?: (subject: string) => string | undefined;
  onClose: () => void;
  /** Told of the job that takes this one back. */
  onUndo?: (job: string) => void;
}) {
  const { t } = useTranslation('desk');
  const problem = useProblem();
  const client = useQueryClient();
  const { data: job } = useQuery(jobQuery(props.job));
  const { data: rows } = useQuery(jobRowsQuery(props.job, job?.done ?? 0));
  const said = useRef('');
  const result = job?.result as { done?: number; refused?: number; unchanged?: number } | null | undefined;
  const ended = Boolean(job?.ended_at);
  const undo = async () => {
    try {
      const begun = await call<Begun>(
        api.POST('/api/v1/jobs/{id}/undo', { params: { path: { id: props.job } } }),
      );
      props.onUndo?.(begun.job);
    } catch (error) {
      problem(error);
    }
  };
  const canUndo = job?.can_undo ?? false;
  useEffect(() => {
    if (!ended || said.current === props.job) return;
    said.current = props.job;
    void client.invalidateQueries({ queryKey: ['records'] });
    void client.invalidateQueries({ queryKey: ['record'] });
    void client.invalidateQueries({ queryKey: ['counters'] });
  }, [ended, props.job, client]);
  const close = () => {
    // Who closes the dialog can still take it back.
    if (canUndo && result)
      toast.success(t('job_done', { count: result.done ?? 0 }), undefined, {
        label: t('job_undo'),
        run: () =>
          void call(api.POST('/api/v1/jobs/{id}/undo', { params: { path: { id: props.job } } })).then(
            () => toast.success(t('job_undone')),
            problem,
          ),
      });
    props.onClose();
  };
  return (
    <Modal
      open
      width={720}
      title={props.title}
      mask={{ closable: false }}
      onCancel={single(close)}
      footer={
        <>
          {!ended && (
            <Button
              onClick={() =>
                void call(
                  api.POST('/api/v1/jobs/{id}/cancel', { params: { path: { id: props.job } } }),
                ).catch(problem)
              }
            >
              {t('job_stop')}
            </Button>
          )}
          {canUndo && <Button onClick={single(() => void undo())}>{t('job_undo')}</Button>}
          <Button type="primary" onClick={single(close)}>
            {t('common:close')}
          </Button>
        </>
      }
    >
      <Progress
        aria-label={t('job_progress')}
        percent={job?.total ? Math.floor((100 * job.done) / job.total) : ended ? 100 : 0}
        status={job?.state === 'failed' ? 'exception' : ended ? 'success' : 'active'}
      />
      <p role="status">
        {result
          ? t('job_result', {
              done: result.done ?? 0,
              unchanged: result.unchanged ?? 0,
              refused: result.refused ?? 0,
            })
          : t(ended ? 'job_ended' : 'job_running')}
      </p>
      <div className={table.results}>
        <table className={table.table} aria-label={t('job_rows')}>
          <tbody>
            {(rows?.items ?? []).map((row) => (
              <tr key={row.no}>
                <td className="mono dim">{row.subject}</td>
                <td>{t(`job_row_${row.outcome}`, { defaultValue: row.outcome })}</td>
                <td className="dim">{(row.message && props.said?.(row.subject)) || row.message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Modal>
  );
}
