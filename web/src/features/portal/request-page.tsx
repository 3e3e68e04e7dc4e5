import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Navigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { WorkRecord } from '../../api/types';
import { ActionButton } from '../../shared/desk/action-bar';
import { Composer } from '../../shared/desk/composer';
import { fieldLabel } from '../../shared/desk/pack-form';
import { Timeline } from '../../shared/desk/timeline';
import { useActions } from '../../shared/desk/use-actions';
import { packQuery, recordQuery, timelineQuery } from '../../shared/lib/queries';
import { useSeen } from '../../shared/notices/use-seen';
import { ErrorView } from '../../shared/ui/error-view';
import { LeftIcon } from '../../shared/ui/icons';
import { Bones, useTitle } from '../../shared/ui/page';
import { PlainText } from '../../shared/ui/plain-text';
import { TimeAgo } from '../../shared/ui/time-ago';
import css from './portal.module.css';
import { RateBox } from './rate-box';
import look from './resolution.module.css';
import { useRating } from './use-rating';
import { conversationOf, inPlainWords, progressOf, resolutionOf, waitsFor, waitsForAnswer } from './words';

const route = getRouteApi('/signed-in/portal/requests/$type/$number');
// What stands as a button besides what the flow asks; all else has its own place, or is for those who work on it.
const buttons = new Set(['cancel']);

export function RequestPage() {
  const { type, number } = route.useParams();
  const { data, error, refetch } = useQuery(recordQuery(type, number));
  useTitle(data?.title);
  if (error && !data) return <ErrorView page error={error} retry={() => void refetch()} />;
  if (data && data.number !== number) {
    // The address named the record by a number that it had elsewhere.
    const params = { type: data.type, number: data.number };
    return <Navigate to="/requests/$type/$number" params={params} replace />;
  }
  return data ? <Request key={data.id} record={data} /> : <Bones rows={8} />;
}

function Request({ record }: { record: WorkRecord }) {
  const { t } = useTranslation('portal');
  const rating = useRating(record);
  const actions = useActions(record, { after: rating.after });
  const { data: pack } = useQuery(packQuery(record.type));
  const { data: entries } = useQuery(timelineQuery(record.type, record.number));
  const offered = actions.items.filter((it) => it.enabled && (it.kind === 'outcome' || buttons.has(it.key)));
  const outcomes = offered.filter((it) => it.kind === 'outcome');
  const commands = offered.filter((it) => it.kind === 'command');
  useSeen(record);
  const words = conversationOf(entries ?? [], record.requester.id, pack?.states);
  const asked = waitsForAnswer(record, pack);
  const urge = actions.get('urge');
  const open = record.phase !== 'closed' && record.phase !== 'cancelled';
  const comment = actions.get('comment');
  const resolution = resolutionOf(record);
  return (
    <>
      <Link to="/" search={{}} style={{ display: 'inline-flex', gap: 6, marginBottom: 10 }}>
        <LeftIcon style={{ fontSize: 11 }} />
        {t('back')}
      </Link>
      <article className={`card ${css.request}`} data-live={record.id}>
        <h1>{record.title}</h1>
        <p className={css.now}>{inPlainWords(record, t, pack)}</p>
        <ol className={css.steps} aria-label={t('progress')}>
          {progressOf(record).map((step) => (
            <li
              key={step.key}
              data-state={step.state}
              aria-current={step.state === 'now' ? 'step' : undefined}
            >
              {t(step.state === 'now' ? `now_${waitsFor(step, record, pack)}` : `step_${step.key}`)}
              {step.at && <TimeAgo at={step.at} />}
            </li>
          ))}
        </ol>
        <dl className={css.requestFacts}>
          <div>
            <dt>{t('number')}</dt>
            <dd className="mono">{record.number}</dd>
          </div>
          {record.reporter.id !== record.requester.id && (
            <div>
              <dt>{t('reported_by')}</dt>
              <dd>{t('reported_for', { by: record.reporter.label, name: record.requester.label })}</dd>
            </div>
          )}
          {record.assignee && (
            <div>
              <dt>{t('handled_by')}</dt>
              <dd>{record.assignee.label}</dd>
            </div>
          )}
          {record.service && (
            <div>
              <dt>{t('service_label')}</dt>
              <dd>{record.service.label}</dd>
            </div>
          )}
        </dl>
        {resolution && pack && (
          <section className={look.resolution} aria-label={fieldLabel(pack, 'resolution')}>
            <h2>{fieldLabel(pack, 'resolution')}</h2>
            <PlainText text={resolution} />
          </section>
        )}
        {asked && comment?.enabled !== false && (
          <section className={look.asked} aria-label={t('asked')}>
            <h2>{t('asked')}</h2>
            <PlainText text={words.findLast((it) => it.kind === 'held')?.body ?? t('asked_nothing')} />
            <Composer record={record} canInternal={false} />
          </section>
        )}
        {(outcomes.length > 0 || commands.length > 0 || (open && urge)) && (
          <div className={css.callout}>
            {outcomes.map((it, index) => (
              <Button
                key={it.key}
                type={index === 0 ? 'primary' : 'default'}
                loading={actions.busy === it.key}
                onClick={() => actions.start(it)}
              >
                {it.label}
              </Button>
            ))}
            {open && urge && (
              <ActionButton
                action={urge}
                primary={false}
                busy={actions.busy === urge.key}
                onRun={() => actions.start(urge)}
              />
            )}
            {commands.map((it) => (
              <Button key={it.key} onClick={() => actions.start(it)}>
                {it.label}
              </Button>
            ))}
            {/* The button says it to those who hear the page. */}
            {open && urge && !urge.enabled && urge.reason && (
              <span className="dim small" aria-hidden="true">
                {urge.reason}
              </span>
            )}
          </div>
        )}
        <RateBox record={record} actions={actions} rating={rating} />
      </article>
      <section className={css.conversation} aria-label={t('conversation')}>
        <h2>{t('conversation')}</h2>
        {record.description && (
          <div className={`card ${css.said}`}>
            <p className="dim small">{t('you_said')}</p>
            <PlainText text={record.description} />
          </div>
        )}
        {words.length > 0 && (
          <div className="card" style={{ overflow: 'hidden', marginBottom: 10 }}>
            <Timeline record={record} items={words} plain />
          </div>
        )}
        {open && !asked && comment?.enabled !== false && <Composer record={record} canInternal={false} />}
      </section>
      {actions.dialog}
    </>
  );
}
