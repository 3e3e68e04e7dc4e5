import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Input, Modal } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import { isStatus } from '../../api/error';
import type { MergePreview, WorkRecord } from '../../api/types';
import { RecordSelect } from '../../shared/desk/record-select';
import { useRecordWrites } from '../../shared/desk/use-record-writes';
import { RequiredMark } from '../../shared/form/required-mark';
import { fromPointers } from '../../shared/form/schema';
import { useErrorText } from '../../shared/form/schema-form';
import { useProblem, useProblemWords } from '../../shared/lib/use-problem';
import { useSending } from '../../shared/lib/use-sending';
import { toast } from '../../shared/ui/toast';
import css from './dialogs.module.css';

/** Merges a record into another that it repeats; says before what comes along and who is told. */
export function MergeDialog({ record, onClose }: { record: WorkRecord; onClose: () => void }) {
  const { t } = useTranslation('record');
  const id = useId();
  const navigate = useNavigate();
  const problem = useProblem();
  const words = useProblemWords();
  const errorText = useErrorText();
  const writes = useRecordWrites(record);
  const [into, setInto] = useState<string>();
  const [note, setNote] = useState(t('merge_note_default'));
  const { busy, send } = useSending();
  const path = { type: record.type, number: record.number };
  const looked = useQuery({
    queryKey: ['merge', record.number, into],
    queryFn: () =>
      call<MergePreview>(
        api.GET('/api/v1/records/{type}/{number}/merge', { params: { path, query: { into } } }),
      ),
    // What is being merged is not looked at once more.
    enabled: into !== undefined && !busy,
    retry: false,
    gcTime: 0,
  });
  const wrong = isStatus(looked.error, 422) ? fromPointers(looked.error.problem.errors ?? [])[0] : undefined;
  const refused = looked.error && !wrong ? words(looked.error) : undefined;
  const told = looked.data;
  const run = async () => {
    if (!into) return;
    const body = { into, note: note.trim() || null };
    await send(async () => {
      await call(api.POST('/api/v1/records/{type}/{number}/merge', { params: { path }, body }));
      await writes.settle();
      toast.success(t('merged', { number: record.number, into }));
      onClose();
      await navigate({
        to: '/w/records/$type/$number',
        params: { type: record.type, number: into },
        search: {},
      });
    }).catch(problem);
  };
  return (
    <Modal
      open
      title={t('merge_title', { number: record.number })}
      width={560}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:back')}</Button>
          <Button type="primary" danger loading={busy} disabled={!told} onClick={() => void run()}>
            {t('merge_run')}
          </Button>
        </>
      }
    >
      <div className={css.dialogForm}>
        <p className="dim small">{t('merge_lead')}</p>
        <div>
          <label htmlFor={`${id}-into`}>
            {t('merge_into')}
            <RequiredMark />
          </label>
          <RecordSelect
            id={`${id}-into`}
            type={record.type}
            without={[record.number]}
            value={into}
            invalid={Boolean(looked.error)}
            describedBy={`${id}-into-error`}
            onChange={setInto}
          />
          <p id={`${id}-into-error`} role="alert" className={css.dialogError}>
            {wrong ? errorText(wrong, t('merge_into')) : refused?.text}
          </p>
          {refused?.detail && <p className="dim small">{refused.detail}</p>}
        </div>
        <div>
          <label htmlFor={`${id}-note`}>{t('merge_note', { name: record.requester.label })}</label>
          <Input.TextArea
            id={`${id}-note`}
            autoSize={{ minRows: 2, maxRows: 6 }}
            maxLength={2000}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </div>
        {told && (
          <ul className={css.foreseen} aria-label={t('merge_preview')}>
            <li>{t('merge_ends', { number: record.number })}</li>
            <li>{t('merge_words', { words: told.words, files: told.files, into: told.into })}</li>
            {told.words_left + told.files_left > 0 && (
              <li>{t('merge_left', { words: told.words_left, files: told.files_left })}</li>
            )}
            <li>{t(told.same_requester ? 'merge_readable' : 'merge_internal')}</li>
            {told.follows && <li>{t('merge_follows', { name: record.requester.label })}</li>}
            <li>
              {told.told.length > 0
                ? t('merge_told', { names: told.told.map((it) => it.label).join(t('common:comma')) })
                : t('merge_nobody')}
            </li>
          </ul>
        )}
      </div>
    </Modal>
  );
}
