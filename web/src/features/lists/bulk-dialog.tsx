import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Modal, Progress } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Begun, BulkPreview } from '../../api/types';
import { jobQuery, jobRowsQuery } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import table from '../../shared/table/table.module.css';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones } from '../../shared/ui/page';
import { toast } from '../../shared/ui/toast';
import css from './lists.module.css';

export interface BulkOrder {
  label: string;
  body: object;
}

interface Props {
  type: string;
  order: BulkOrder;
  /** Told when the job has begun. */
  onDone: () => void;
  onClose: () => void;
}

/** First what would happen, then how far it is and what it came to, row by row; and the way back. */
export function BulkDialog({ type, order, onDone, onClose }: Props) {
  const { t } = useTranslation('lists');
  const problem = useProblem();
  const [job, setJob] = useState<string>();
  const [back, setBack] = useState(false);
  const [busy, setBusy] = useState(false);
  const send = <T,>(preview: boolean) =>
    call<T>(
      api.POST('/api/v1/records/{type}/bulk', {
        params: { path: { type } },
        body: { ...order.body, preview } as never,
      }),
    );
  const looked = useQuery({
    queryKey: ['bulk', type, order],
    queryFn: () => send<BulkPreview>(true),
    enabled: job === undefined,
    retry: false,
    gcTime: 0,
  });
  const run = async () => {
    setBusy(true);
    try {
      const begun = await send<Begun>(false);
      setJob(begun.job);
    } catch (error) {
      problem(error);
    } finally {
      setBusy(false);
    }
  };
  const data = looked.data;
  const rest = data ? data.total - data.items.length : 0;
  if (job)
    return (
      <JobDialog
        job={job}
        title={back ? t('bulk_undo_of', { action: order.label }) : order.label}
        onClose={() => {
          onDone();
          onClose();
        }}
        onUndo={(undo) => {
          setBack(true);
          setJob(undo);
        }}
      />
    );
  return (
    <Modal
      open
      width={720}
      title={t('bulk_preview', { action: order.label })}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:back')}</Button>
          <Button
            type="primary"
            loading={busy}
            disabled={!data || (data.open === 0 && rest <= 0)}
            onClick={() => void run()}
          >
            {t('bulk_run', { action: order.label, count: data ? data.open + Math.max(0, rest) : 0 })}
          </Button>
        </>
      }
    >
      {looked.error && <ErrorView error={looked.error} />}
      {looked.isPending && !looked.error && <Bones rows={4} />}
      {data && (
        <>
          <p>
            {t('bulk_open', { open: data.open, count: data.items.length })}
            {rest > 0 && ` ${t('bulk_rest', { count: rest })}`}
            {data.messages > 0 &&
              ` ${t('bulk_messages', { messages: data.messages, count: data.recipients })}`}
          </p>
          <div className={css.results}>
            <table className={table.table} aria-label={t('bulk_preview', { action: order.label })}>
              <tbody>
                {data.items.map((it) => (
                  <tr key={it.number}>
                    <td className="mono dim">{it.number}</td>
                    <td>{it.title}</td>
                    <td className={it.open ? undefined : 'dim'}>
                      {it.open
                        ? it.changes
                            .map((c) => `${c.label}: ${c.old_label || '—'} → ${c.new_label || '—'}`)
                            .join('; ') || t('bulk_nothing')
                        : t('bulk_refused', { reason: it.reason ?? '' })}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </Modal>
  );
}

/** A job on many records: progress, the result of each row, the way back. */
function JobDialog(props: {
  job: string;
  title: string;
  onClose: () => void;
  onUndo: (job: string) => void;
}) {
  const { t } = useTranslation('lists');
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
      props.onUndo(begun.job);
    } catch (error) {
      problem(error);
    }
  };
  const canUndo = job?.can_undo ?? false;
  useEffect(() => {
    if (!ended || said.current === props.job) return;
    said.current = props.job;
    void client.invalidateQueries({ queryKey: ['records'] });
    void client.invalidateQueries({ queryKey: ['counters'] });
  }, [ended, props.job, client]);
  const close = () => {
    // Who closes the dialog can still take it back.
    if (canUndo && result)
      toast.success(t('bulk_done', { count: result.done ?? 0 }), undefined, {
        label: t('bulk_undo'),
        run: () =>
          void call(api.POST('/api/v1/jobs/{id}/undo', { params: { path: { id: props.job } } })).then(
            () => toast.success(t('bulk_undone')),
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
      onCancel={close}
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
              {t('bulk_stop')}
            </Button>
          )}
          {canUndo && <Button onClick={() => void undo()}>{t('bulk_undo')}</Button>}
          <Button type="primary" onClick={close}>
            {t('common:close')}
          </Button>
        </>
      }
    >
      <Progress
        aria-label={t('bulk_progress')}
        percent={job?.total ? Math.floor((100 * job.done) / job.total) : ended ? 100 : 0}
        status={job?.state === 'failed' ? 'exception' : ended ? 'success' : 'active'}
      />
      <p role="status">
        {result
          ? t('bulk_result', {
              done: result.done ?? 0,
              unchanged: result.unchanged ?? 0,
              refused: result.refused ?? 0,
            })
          : t(ended ? 'bulk_ended' : 'bulk_running')}
      </p>
      <div className={css.results}>
        <table className={table.table} aria-label={t('bulk_rows')}>
          <tbody>
            {(rows?.items ?? []).map((row) => (
              <tr key={row.no}>
                <td className="mono dim">{row.subject}</td>
                <td>{t(`outcome_${row.outcome}`, { defaultValue: row.outcome })}</td>
                <td className="dim">{row.message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Modal>
  );
}
