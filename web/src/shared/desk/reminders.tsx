import { useQueryClient } from '@tanstack/react-query';
import { Button, Input, Modal } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Reminder } from '../../api/types';
import { useProblem } from '../lib/use-problem';
import { PhoneIcon } from '../ui/icons';
import { TimeAgo } from '../ui/time-ago';
import { toast } from '../ui/toast';
import css from './reminders.module.css';
import { type RecordId, useRecordWrites } from './use-record-writes';

/** A reminder or a promised call, in a line or two: when, whom, what about. */
export function ReminderLine({ of, own }: { of: Reminder; own?: boolean }) {
  const { t } = useTranslation('desk');
  return (
    <div className={css.line}>
      <span className={of.overdue ? css.overdue : undefined}>
        {of.kind === 'call_back' && <PhoneIcon />} {t(of.overdue ? `overdue_${of.kind}` : `due_${of.kind}`)}{' '}
        <TimeAgo at={of.due_at} />
      </span>
      {of.phone && (
        <a className="mono" href={`tel:${of.phone.replace(/[^+\d]/g, '')}`}>
          {of.phone}
        </a>
      )}
      {!own && <span className="dim">{of.user.label}</span>}
      {of.note && <span className={css.note}>{of.note}</span>}
    </div>
  );
}

/** Says that it was seen to, with a word on how where there is one. */
export function ReminderDone({ of, record }: { of: Reminder; record: RecordId }) {
  const { t } = useTranslation('desk');
  const id = useId();
  const client = useQueryClient();
  const problem = useProblem();
  const { settle } = useRecordWrites(record);
  const [open, setOpen] = useState(false);
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await call(
        api.POST('/api/v1/records/{type}/{number}/reminders/{id}/done', {
          params: { path: { type: record.type, number: record.number, id: of.id } },
          body: { note: note.trim() || undefined },
        }),
      );
      setOpen(false);
      toast.success(t(`done_${of.kind}`));
      await Promise.all([settle(), client.invalidateQueries({ queryKey: ['reminders'] })]);
    } catch (error) {
      problem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {t('reminder_done')}
      </Button>
      <Modal
        open={open}
        title={t(`finish_${of.kind}`)}
        width={460}
        onCancel={() => setOpen(false)}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>{t('common:back')}</Button>
            <Button type="primary" loading={busy} onClick={() => void run()}>
              {t('reminder_done')}
            </Button>
          </>
        }
      >
        <ReminderLine of={of} />
        <label htmlFor={id} className={css.label}>
          {t(`note_${of.kind}`)}
        </label>
        <Input.TextArea
          id={id}
          autoSize={{ minRows: 2, maxRows: 8 }}
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </Modal>
    </>
  );
}
