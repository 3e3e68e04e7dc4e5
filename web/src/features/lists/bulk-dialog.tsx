import { useQuery } from '@tanstack/react-query';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Begun, BulkPreview } from '../../api/types';
import { JobDialog } from '../../shared/desk/job-dialog';
import { useProblem } from '../../shared/lib/use-problem';
import { useSending } from '../../shared/lib/use-sending';
import table from '../../shared/table/table.module.css';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones } from '../../shared/ui/page';

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
  const { busy, send: sendOnce } = useSending();
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
  const run = () =>
    sendOnce(async () => {
      const begun = await send<Begun>(false);
      setJob(begun.job);
    }).catch(problem);
  const data = looked.data;
  const rest = data ? data.total - data.items.length : 0;
  if (job)
    return (
      <JobDialog
        job={job}
        title={back ? t('desk:job_undo_of', { action: order.label }) : order.label}
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
          <div className={table.results}>
            <table className={table.table} aria-label={t('bulk_preview', { action: order.label })}>
              <tbody>
                {data.items.map((it) => (
                  <tr key={it.number}>
                    <td className="mono dim">{it.number}</td>
                    <td>{it.title}</td>
                    <td className={it.open ? undefined : 'dim'}>
                      {it.open
                        ? it.changes
                            .map(
                              (c) =>
                                `${c.label}${t('common:colon')}${c.old_label || '—'} → ${c.new_label || '—'}`,
                            )
                            .join(t('common:semicolon')) || t('bulk_nothing')
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
