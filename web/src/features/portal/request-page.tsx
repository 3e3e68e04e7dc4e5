import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Input, Rate } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkRecord } from '../../api/types';
import { Composer } from '../../shared/desk/composer';
import { Timeline } from '../../shared/desk/timeline';
import { type Actions, useActions } from '../../shared/desk/use-actions';
import type { JsonSchema } from '../../shared/form/schema';
import { packQuery, recordQuery, timelineQuery } from '../../shared/lib/queries';
import { ErrorView } from '../../shared/ui/error-view';
import { LeftIcon } from '../../shared/ui/icons';
import { Bones, useTitle } from '../../shared/ui/page';
import { PlainText } from '../../shared/ui/plain-text';
import { TimeAgo } from '../../shared/ui/time-ago';
import css from './portal.module.css';
import { inPlainWords, progressOf } from './words';

const route = getRouteApi('/signed-in/portal/requests/$type/$number');
// These have their own place on the page.
const elsewhere = new Set(['comment', 'rate']);

export function RequestPage() {
  const { type, number } = route.useParams();
  const { data, error, refetch } = useQuery(recordQuery(type, number));
  useTitle(data?.title);
  if (error && !data) return <ErrorView page error={error} retry={() => void refetch()} />;
  return data ? <Request key={data.id} record={data} /> : <Bones rows={8} />;
}

function Request({ record }: { record: WorkRecord }) {
  const { t } = useTranslation('portal');
  const actions = useActions(record);
  const { data: entries } = useQuery(timelineQuery(record.type, record.number));
  const offered = actions.items.filter((it) => it.enabled && !elsewhere.has(it.key));
  const outcomes = offered.filter((it) => it.kind === 'outcome');
  const commands = offered.filter((it) => it.kind === 'command');
  const words = (entries ?? []).filter((it) => it.body || it.attachments.length > 0);
  const open = record.phase !== 'closed' && record.phase !== 'cancelled';
  const comment = actions.get('comment');
  return (
    <>
      <Link to="/" search={{}} style={{ display: 'inline-flex', gap: 6, marginBottom: 10 }}>
        <LeftIcon style={{ fontSize: 11 }} />
        {t('back')}
      </Link>
      <article className={`card ${css.request}`} data-live={record.id}>
        <h1>{record.title}</h1>
        <p className={css.now}>{inPlainWords(record, t)}</p>
        <ol className={css.steps} aria-label={t('progress')}>
          {progressOf(record).map((step) => (
            <li
              key={step.key}
              data-state={step.state}
              aria-current={step.state === 'now' ? 'step' : undefined}
            >
              {t(step.state === 'now' ? `now_${step.key}` : `step_${step.key}`)}
              {step.at && <TimeAgo at={step.at} />}
            </li>
          ))}
        </ol>
        <dl className={css.requestFacts}>
          <div>
            <dt>{t('number')}</dt>
            <dd className="mono">{record.number}</dd>
          </div>
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
        {(outcomes.length > 0 || commands.length > 0) && (
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
            {commands.map((it) => (
              <Button key={it.key} onClick={() => actions.start(it)}>
                {it.label}
              </Button>
            ))}
          </div>
        )}
        <RateBox record={record} actions={actions} />
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
        {open && comment?.enabled !== false && <Composer record={record} canInternal={false} />}
      </section>
      {actions.dialog}
    </>
  );
}

/** Stars and a word, when the server says the person may rate. */
function RateBox({ record, actions }: { record: WorkRecord; actions: Actions }) {
  const { t } = useTranslation('portal');
  const { data: pack } = useQuery(packQuery(record.type));
  const rate = actions.get('rate');
  const [score, setScore] = useState(0);
  const [again, setAgain] = useState(false);
  const [comment, setComment] = useState('');
  const rated = Object.entries(pack?.form.properties ?? {}).find(
    ([, it]) => (it as JsonSchema)['x-widget'] === 'rate',
  );
  const given = rated && record.fields[rated[0]];
  if (typeof given === 'number' && !again) {
    return (
      <p className={`dim small ${css.rated}`}>
        {t('rated', { score: given })}
        {rate?.enabled && (
          <Button size="small" type="link" onClick={() => setAgain(true)}>
            {t('rate_again')}
          </Button>
        )}
      </p>
    );
  }
  if (!rate?.enabled) return null;
  const run = () =>
    actions
      .run(rate, { score, ...(comment.trim() ? { comment: comment.trim() } : {}) })
      .then(() => setAgain(false))
      .catch(() => {});
  return (
    <fieldset className={css.rate} style={{ border: 0, margin: '16px 0 0' }}>
      <legend className="visually-hidden">{t('rate')}</legend>
      <strong aria-hidden="true">{t('rate')}</strong>
      <Rate
        value={score}
        onChange={setScore}
        tooltips={[1, 2, 3, 4, 5].map((count) => t('stars', { count }))}
      />
      {score > 0 && (
        <>
          <Input.TextArea
            autoSize={{ minRows: 2 }}
            aria-label={t('rate_comment')}
            placeholder={t('rate_comment')}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
          <div>
            <Button type="primary" loading={actions.busy === 'rate'} onClick={() => void run()}>
              {rate.label}
            </Button>
          </div>
        </>
      )}
    </fieldset>
  );
}
