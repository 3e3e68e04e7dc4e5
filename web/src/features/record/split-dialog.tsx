import { useNavigate } from '@tanstack/react-router';
import { Button, Input, Modal, Radio } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import { isStatus } from '../../api/error';
import type { WorkRecord } from '../../api/types';
import { RefSelect } from '../../shared/form/ref-select';
import { RequiredMark } from '../../shared/form/required-mark';
import { fromPointers } from '../../shared/form/schema';
import { useErrorText } from '../../shared/form/schema-form';
import { useProblem } from '../../shared/lib/use-problem';
import { useSending } from '../../shared/lib/use-sending';
import { toast } from '../../shared/ui/toast';
import css from './dialogs.module.css';

interface Props {
  record: WorkRecord;
  /** What was said of the second matter. */
  quote?: string;
  onClose: () => void;
}

/** Makes a record of its own of a second matter. */
export function SplitDialog({ record, quote = '', onClose }: Props) {
  const { t } = useTranslation('record');
  const id = useId();
  const navigate = useNavigate();
  const problem = useProblem();
  const errorText = useErrorText();
  const [title, setTitle] = useState('');
  const [description, setDescription] = useState(quote || record.description);
  const [requester, setRequester] = useState<string | undefined>(record.requester.key);
  const [service, setService] = useState(record.service?.key);
  const [kind, setKind] = useState('related');
  const [error, setError] = useState<string>();
  const { busy, send } = useSending();
  const run = async () => {
    if (!title.trim()) return setError(t('split_title_needed'));
    const body = {
      kind,
      title: title.trim(),
      description: description.trim(),
      requester: requester ?? record.requester.key,
      service: service ?? null,
    };
    const path = { type: record.type, number: record.number };
    try {
      await send(async () => {
        const made = await call<WorkRecord>(
          api.POST('/api/v1/records/{type}/{number}/split', {
            params: { path },
            body: body as never,
          }),
        );
        toast.success(t('split_done', { number: made.number }));
        onClose();
        await navigate({
          to: '/w/records/$type/$number',
          params: { type: made.type, number: made.number },
          search: {},
        });
      });
    } catch (caught) {
      const first = isStatus(caught, 422) ? fromPointers(caught.problem.errors ?? [])[0] : undefined;
      const named = first && ['requester', 'service', 'description'].includes(first.name);
      if (first) setError(errorText(first, t(named ? first.name : 'split_name')));
      else problem(caught);
    }
  };
  return (
    <Modal
      open
      title={t('split_title', { number: record.number })}
      width={560}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:back')}</Button>
          <Button type="primary" loading={busy} onClick={() => void run()}>
            {t('split_run')}
          </Button>
        </>
      }
    >
      <div className={css.dialogForm}>
        <p className="dim small">{t('split_lead')}</p>
        <div>
          <label htmlFor={`${id}-title`}>
            {t('split_name')}
            <RequiredMark />
          </label>
          <Input
            id={`${id}-title`}
            autoFocus
            maxLength={200}
            value={title}
            status={error && 'error'}
            aria-describedby={`${id}-error`}
            onChange={(event) => setTitle(event.target.value)}
          />
          <p id={`${id}-error`} role="alert" className={css.dialogError}>
            {error}
          </p>
        </div>
        <div>
          <label htmlFor={`${id}-description`}>{t('description')}</label>
          <Input.TextArea
            id={`${id}-description`}
            autoSize={{ minRows: 3, maxRows: 10 }}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        </div>
        <div>
          <label htmlFor={`${id}-requester`}>{t('requester')}</label>
          <RefSelect
            id={`${id}-requester`}
            kind="users"
            known={record.requester}
            value={requester}
            onChange={setRequester}
          />
        </div>
        <div>
          <label htmlFor={`${id}-service`}>{t('service')}</label>
          <RefSelect
            id={`${id}-service`}
            kind="services"
            known={record.service}
            value={service}
            onChange={setService}
          />
        </div>
        <Radio.Group
          aria-label={t('split_kind')}
          value={kind}
          options={[
            { value: 'related', label: t('split_related') },
            { value: 'parent', label: t('split_below', { number: record.number }) },
          ]}
          onChange={(event) => setKind(event.target.value as string)}
        />
      </div>
    </Modal>
  );
}
