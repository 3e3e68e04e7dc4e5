import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import { isStatus } from '../../api/error';
import type { Macro, MacroPreview, WorkRecord } from '../../api/types';
import { useRecordWrites } from '../../shared/desk/use-record-writes';
import { useRefusal } from '../../shared/desk/use-refusal';
import { worksOn } from '../../shared/desk/works-on';
import { macroPreviewQuery, macrosQuery } from '../../shared/lib/kit-queries';
import { useProblem } from '../../shared/lib/use-problem';
import { useSending } from '../../shared/lib/use-sending';
import { ErrorView } from '../../shared/ui/error-view';
import { DownIcon } from '../../shared/ui/icons';
import { Bones } from '../../shared/ui/page';
import { toast } from '../../shared/ui/toast';
import css from './kit.module.css';

/** The macros that fit this record; none, and there is no button. */
export function Macros({ record }: { record: WorkRecord }) {
  const { t } = useTranslation('record');
  const { data } = useQuery({ ...macrosQuery(record.type, record.number), enabled: worksOn(record) });
  const [chosen, setChosen] = useState<Macro>();
  const items = data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          onClick: ({ key }) => setChosen(items.find((it) => it.key === key)),
          items: items.map((it) => ({
            key: it.key,
            label: (
              <>
                {it.label}
                {it.description && <span className={css.about}>{it.description}</span>}
              </>
            ),
          })),
        }}
      >
        <Button aria-haspopup="menu" icon={<DownIcon />} iconPlacement="end">
          {t('macros')}
        </Button>
      </Dropdown>
      {chosen && <Preview record={record} macro={chosen} onClose={() => setChosen(undefined)} />}
    </>
  );
}

/** What the macro will do, step by step, before it does it. */
function Preview({ record, macro, onClose }: { record: WorkRecord; macro: Macro; onClose: () => void }) {
  const { t } = useTranslation('record');
  const problem = useProblem();
  const writes = useRecordWrites(record);
  const { data, error, refetch, isFetching } = useQuery({
    ...macroPreviewQuery(record.type, record.number, macro.key),
    staleTime: 0,
    gcTime: 0,
  });
  const { busy, send } = useSending();
  const run = async () => {
    const path = { type: record.type, number: record.number, key: macro.key };
    try {
      await send(async () => {
        const done = await call<WorkRecord>(
          api.POST('/api/v1/records/{type}/{number}/macros/{key}', {
            params: { path, header: { 'If-Match': `"${record.version}"` } },
          }),
        );
        await writes.settle(done);
        toast.success(t('macro_done', { label: macro.label }));
        onClose();
      });
    } catch (failed) {
      if (isStatus(failed, 412)) {
        // Somebody was faster: what it would do now is shown anew.
        toast.warning(t('macro_stale'));
        await writes.settle();
        return void refetch();
      }
      problem(failed);
      void refetch();
    }
  };
  return (
    <Modal
      open
      width={600}
      title={macro.label}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:back')}</Button>
          <Button
            type="primary"
            autoFocus
            loading={busy || isFetching}
            disabled={!data?.open}
            onClick={() => void run()}
          >
            {t('macro_run', { count: macro.steps })}
          </Button>
        </>
      }
    >
      {error && !data && <ErrorView error={error} retry={() => void refetch()} />}
      {!data && !error && <Bones rows={4} />}
      {data && (
        <>
          <p className="dim small">{t(data.open ? 'macro_lead' : 'macro_lead_refused')}</p>
          <ol className={css.steps}>
            {data.steps.map((step, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: steps have no identity but their place
              <Foreseen key={index} step={step} />
            ))}
          </ol>
        </>
      )}
    </Modal>
  );
}

function Foreseen({ step }: { step: MacroPreview['steps'][number] }) {
  const { t } = useTranslation('record');
  const say = useRefusal();
  const { refusal } = step;
  const gaps = refusal?.gaps ?? [];
  const turn = [step.team?.label, step.assignee?.label].filter(Boolean).join(' · ');
  return (
    <li>
      <strong>{step.label}</strong>
      {step.fields.length > 0 && (
        <dl>
          {step.fields.map((it) => (
            <div key={it.name}>
              <dt>{it.label}</dt>
              <dd>{it.value}</dd>
            </div>
          ))}
        </dl>
      )}
      {refusal ? (
        <p role="alert" className={css.refused}>
          {t('macro_refused', {
            why: gaps.length > 0 ? t('macro_gap', { names: gaps.join(t('common:comma')) }) : say(refusal),
          })}
        </p>
      ) : (
        <p className="dim small">
          {step.changed ? t('macro_after', { state: step.state_label, turn }) : t('macro_nothing')}
          {step.recipients.length > 0 &&
            ` · ${t('macro_tells', { names: step.recipients.map((it) => it.label).join(t('common:comma')) })}`}
        </p>
      )}
    </li>
  );
}
