import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Input, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Checklist, CheckStep, WorkRecord } from '../../api/types';
import type { Actions } from '../../shared/desk/use-actions';
import { useRecordWrites } from '../../shared/desk/use-record-writes';
import { worksOn } from '../../shared/desk/works-on';
import { checklistsQuery } from '../../shared/lib/kit-queries';
import { useProblem } from '../../shared/lib/use-problem';
import { ErrorView } from '../../shared/ui/error-view';
import { TimeAgo } from '../../shared/ui/time-ago';
import css from './kit.module.css';

interface Props {
  record: WorkRecord;
  actions: Actions;
}

/** What is to be gone through in the open step, and what was in those before. */
export function Checklists({ record, actions }: Props) {
  const { t } = useTranslation('record');
  const { data, error, refetch } = useQuery({
    ...checklistsQuery(record.type, record.number),
    enabled: worksOn(record),
  });
  const may = actions.get('check')?.enabled ?? false;
  const lists = data?.items ?? [];
  if (error && !data) return <ErrorView error={error} retry={() => void refetch()} />;
  return lists.map((it) => (
    <details key={it.key} className={`card ${css.checklist}`} open={it.current}>
      <summary>
        <span>{it.label}</span>
        <span className="dim small">{t('checks_done', { done: it.done, all: it.steps.length })}</span>
      </summary>
      <progress
        value={it.done}
        max={it.steps.length}
        aria-label={t('checks_progress', { label: it.label })}
      />
      {it.current && it.awaited > 0 && (
        <p className={css.awaited}>{t('checks_awaited', { count: it.awaited })}</p>
      )}
      <ul>
        {it.steps.map((step) => (
          <Step key={step.key} record={record} list={it} step={step} may={may && it.current} />
        ))}
      </ul>
    </details>
  ));
}

function Step(props: { record: WorkRecord; list: Checklist; step: CheckStep; may: boolean }) {
  const { t } = useTranslation('record');
  const { record, list, step, may } = props;
  const problem = useProblem();
  const writes = useRecordWrites(record);
  const [asking, setAsking] = useState(false);
  const [why, setWhy] = useState('');
  const [busy, setBusy] = useState(false);
  const say = async (state: CheckStep['state'], note?: string) => {
    setBusy(true);
    try {
      await writes.act('check', { checklist: list.key, step: step.key, state, note });
      setAsking(false);
      setWhy('');
    } catch (error) {
      problem(error);
    } finally {
      setBusy(false);
    }
  };
  const passed = step.state === 'not_applicable';
  return (
    <li className={passed ? css.passed : undefined}>
      <Checkbox
        checked={step.state === 'done'}
        indeterminate={passed}
        disabled={!may}
        // Switched off it would lose the focus, and the keyboard its place.
        aria-disabled={busy || undefined}
        onChange={(event) => !busy && void say(event.target.checked && !passed ? 'done' : 'open')}
      >
        {step.text}
        {step.mandatory && (
          <Tooltip title={t('check_mandatory_help')}>
            <span className={css.mandatory}> {t('check_mandatory')}</span>
          </Tooltip>
        )}
      </Checkbox>
      <div className={css.beside}>
        {step.link && (
          <a
            href={step.link}
            target="_blank"
            rel="noreferrer noopener"
            aria-label={t('check_help_of', { text: step.text })}
          >
            {t('check_help')}
          </a>
        )}
        {step.state !== 'open' && (
          <span className="dim small">
            {passed && `${t('check_not_applicable')} · `}
            {step.by?.label} {step.at && <TimeAgo at={step.at} />}
            {step.note && ` · ${step.note}`}
          </span>
        )}
        {may && step.state === 'open' && !asking && (
          <button
            type="button"
            className="plain small"
            data-no-print
            aria-label={t('check_pass_of', { text: step.text })}
            onClick={() => setAsking(true)}
          >
            {t('check_not_applicable')}
          </button>
        )}
      </div>
      {asking && (
        <form
          className={css.why}
          onSubmit={(event) => {
            event.preventDefault();
            if (why.trim()) void say('not_applicable', why.trim());
          }}
          onKeyDown={(event) => event.key === 'Escape' && setAsking(false)}
        >
          <Input
            autoFocus
            size="small"
            maxLength={1000}
            aria-label={t('check_why')}
            placeholder={t('check_why')}
            value={why}
            onChange={(event) => setWhy(event.target.value)}
          />
          <Button size="small" htmlType="submit" loading={busy} disabled={!why.trim()}>
            {t('check_pass')}
          </Button>
          <Button size="small" type="text" onClick={() => setAsking(false)}>
            {t('common:cancel')}
          </Button>
        </form>
      )}
    </li>
  );
}
