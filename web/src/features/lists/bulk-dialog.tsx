import { useQuery } from '@tanstack/react-query';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Begun, BulkPreview } from '../../api/types';
import { JobDialog } from '../../shared/desk/job-dialog';
import { useRefusal } from '../../shared/desk/use-refusal';
import { single } from '../../shared/lib/single-click';
import { useProblem } from '../../shared/lib/use-problem';
import { useSending } from '../../shared/lib/use-sending';
import table from '../../shared/table/table.module.css';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones } from '../../shared/ui/page';
import { type BulkOrder, bulkPreviewQuery, given, sendOrder } from './bulk-order';

interface Props {
  type: string;
  order: BulkOrder;
  /** Told when the job has begun. */
  onBegun: () => void;
  /** Back to what was entered. */
  onBack: () => void;
  onClose: () => void;
}

/** First what would happen, then how far it is and what it came to, row by row; and the way back. */
export function BulkDialog({ type, order, onBegun, onBack, onClose }: Props) {
  const { t } = useTranslation('lists');
  const problem = useProblem();
  const [job, setJob] = useState<string>();
  const [back, setBack] = useState(false);
  const { busy, send } = useSending();
  const looked = useQuery({ ...bulkPreviewQuery(type, order), enabled: job === undefined });
  const inWords = useForeseen(order);
  const run = () =>
    send(async () => {
      const begun = await sendOrder<Begun>(type, order, false);
      setJob(begun.job);
      onBegun();
    }).catch(problem);
  const data = looked.data;
  const rest = data ? data.total - data.items.length : 0;
  if (job)
    return (
      <JobDialog
        job={job}
        title={back ? t('desk:job_undo_of', { action: order.label }) : order.label}
        said={(subject) => {
          const known = data?.items.find((it) => it.number === subject && !it.open);
          return known && inWords(known);
        }}
        onClose={onClose}
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
      mask={{ closable: false }}
      onCancel={onBack}
      footer={
        <>
          <Button onClick={onBack}>{t('common:back')}</Button>
          <Button
            type="primary"
            loading={busy}
            disabled={!data || (data.open === 0 && rest <= 0)}
            onClick={single(() => void run())}
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
                      {it.open ? inWords(it) : t('bulk_refused', { reason: inWords(it) })}
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

/** What would happen to one record, in words: what changes and what it gets, or why not. */
function useForeseen({ body, labels }: BulkOrder) {
  const { t } = useTranslation('lists');
  const refusal = useRefusal();
  return (it: BulkPreview['items'][number]): string => {
    if (!it.open) return refusal(it, (name) => labels[name] ?? name);
    const words = given(body);
    const parts = it.changes.map(
      (c) => `${c.label}${t('common:colon')}${c.old_label || '—'} → ${c.new_label || '—'}`,
    );
    const text = typeof body.fields.body === 'string' ? body.fields.body : body.fields.note;
    if (words && (words !== 'link' || parts.length === 0)) parts.unshift(t(`bulk_gets_${words}`));
    if (typeof text === 'string' && text) parts.push(t('bulk_quote', { text }));
    return parts.join(t('common:semicolon')) || t('bulk_nothing');
  };
}
