import { useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Input, Modal, Radio } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import { isStatus } from '../../api/error';
import type { Begun, WorkRecord } from '../../api/types';
import { JobDialog } from '../../shared/desk/job-dialog';
import { RequiredMark } from '../../shared/form/required-mark';
import { fromPointers } from '../../shared/form/schema';
import { useErrorText } from '../../shared/form/schema-form';
import { useProblem } from '../../shared/lib/use-problem';
import { useSending } from '../../shared/lib/use-sending';
import { toast } from '../../shared/ui/toast';
import css from './dialogs.module.css';

interface Props {
  record: WorkRecord;
  /** How many open records below it a comment goes to. */
  open: number;
  /** Whether the person may publish announcements. */
  announces: boolean;
  onClose: () => void;
}

type Audience = 'everybody' | 'site' | 'service';

/** Tells everybody whom a failure concerns: an announcement, and a public comment on each report. */
export function AnnounceDialog({ record, open, announces, onClose }: Props) {
  const { t, i18n } = useTranslation('record');
  const id = useId();
  const client = useQueryClient();
  const problem = useProblem();
  const errorText = useErrorText();
  const [title, setTitle] = useState(record.title);
  const [words, setWords] = useState('');
  const [publish, setPublish] = useState(announces);
  const [comment, setComment] = useState(open > 0);
  const [audience, setAudience] = useState<Audience>(record.site ? 'site' : 'everybody');
  const [errors, setErrors] = useState<{ title?: string; words?: string }>({});
  const { busy, send: sendOnce } = useSending();
  const [job, setJob] = useState<string>();
  const lang = i18n.language === 'en' ? 'en' : 'zh';

  const announce = () => {
    const of = audience === 'site' ? record.site : audience === 'service' ? record.service : undefined;
    return call(
      api.POST('/api/v1/announcements', {
        body: {
          title: { [lang]: title.trim() },
          body: { [lang]: words.trim() },
          severity: 'outage',
          services: record.service ? [record.service.key] : [],
          audience: of ? { [`${audience}s`]: [of.key] } : null,
          record: record.number,
        } as never,
      }),
    );
  };
  const send = async () => {
    const wrong = {
      ...(publish && !title.trim() ? { title: t('announce_title_needed') } : {}),
      ...(comment && !words.trim() ? { words: t('announce_words_needed') } : {}),
    };
    setErrors(wrong);
    if (Object.keys(wrong).length > 0) return;
    try {
      await sendOnce(async () => {
        if (publish) {
          await announce();
          setPublish(false);
          toast.success(t('announced'));
          void client.invalidateQueries({ queryKey: ['announcements'] });
        }
        if (!comment) return onClose();
        const begun = await call<Begun>(
          api.POST('/api/v1/records/{type}/{number}/children', {
            params: { path: { type: record.type, number: record.number } },
            body: { action: 'comment', fields: { body: words.trim(), visibility: 'public' } as never },
          }),
        );
        setJob(begun.job);
      });
    } catch (error) {
      const wrong = isStatus(error, 422) ? (error.problem.errors ?? []) : [];
      const first = fromPointers(wrong)[0];
      const where = wrong[0]?.pointer.startsWith('/title') ? 'title' : 'words';
      if (first) setErrors({ [where]: errorText(first, t(`announce_${where}`)) });
      else problem(error);
    }
  };
  if (job) return <JobDialog job={job} title={t('announce_children')} onClose={onClose} />;
  const choices = [
    { value: 'everybody', label: t('announce_everybody') },
    ...(record.site ? [{ value: 'site', label: record.site.label }] : []),
    ...(record.service
      ? [{ value: 'service', label: t('announce_service', { of: record.service.label }) }]
      : []),
  ];
  return (
    <Modal
      open
      title={t('announce')}
      width={560}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:back')}</Button>
          <Button type="primary" loading={busy} disabled={!publish && !comment} onClick={() => void send()}>
            {t('announce_send')}
          </Button>
        </>
      }
    >
      <div className={css.dialogForm}>
        {announces && (
          <Checkbox checked={publish} onChange={(event) => setPublish(event.target.checked)}>
            {t('announce_publish')}
          </Checkbox>
        )}
        {publish && (
          <>
            <div>
              <label htmlFor={`${id}-title`}>
                {t('announce_title')}
                <RequiredMark />
              </label>
              <Input
                id={`${id}-title`}
                maxLength={120}
                value={title}
                status={errors.title && 'error'}
                aria-describedby={`${id}-title-error`}
                onChange={(event) => setTitle(event.target.value)}
              />
              <p id={`${id}-title-error`} role="alert" className={css.dialogError}>
                {errors.title}
              </p>
            </div>
            <Radio.Group
              aria-label={t('announce_for')}
              value={audience}
              options={choices}
              onChange={(event) => setAudience(event.target.value as Audience)}
            />
            <p className="dim small">{t('announce_ends')}</p>
          </>
        )}
        <div>
          <label htmlFor={`${id}-words`}>
            {t('announce_words')}
            <RequiredMark />
          </label>
          <Input.TextArea
            id={`${id}-words`}
            autoSize={{ minRows: 3, maxRows: 10 }}
            maxLength={5000}
            value={words}
            status={errors.words && 'error'}
            aria-describedby={`${id}-words-error`}
            onChange={(event) => setWords(event.target.value)}
          />
          <p id={`${id}-words-error`} role="alert" className={css.dialogError}>
            {errors.words}
          </p>
        </div>
        {open > 0 && (
          <Checkbox checked={comment} onChange={(event) => setComment(event.target.checked)}>
            {t('announce_comment', { count: open })}
          </Checkbox>
        )}
      </div>
    </Modal>
  );
}
