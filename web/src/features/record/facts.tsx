import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Pack, WorkRecord } from '../../api/types';
import { valueLabel } from '../../shared/desk/pack-form';
import { ReminderDone, ReminderLine } from '../../shared/desk/reminders';
import type { Actions } from '../../shared/desk/use-actions';
import { useValueText } from '../../shared/desk/use-value-text';
import { usePrinting } from '../../shared/lib/use-printing';
import { Person } from '../../shared/ui/marks';
import { TimeAgo } from '../../shared/ui/time-ago';
import { WhyHere } from './dispatch-why';
import { Followers } from './followers';
import css from './record.module.css';

const wide = globalThis.matchMedia?.('(width > 900px)');

/** What one must know about the record without reading it. */
export function Facts(props: { record: WorkRecord; pack: Pack | undefined; actions: Actions }) {
  const { record, pack, actions } = props;
  const { t } = useTranslation('record');
  const inWords = useValueText(pack);
  const printing = usePrinting();
  const own = (pack?.fields ?? []).filter((it) => {
    const value = record.fields[it.key];
    return (
      value !== undefined && value !== null && value !== '' && value !== false && String(value).length <= 40
    );
  });
  const reported = record.reporter && record.reporter.id !== record.requester?.id;
  return (
    <details className={`card ${css.facts}`} open={printing || (wide?.matches ?? true)}>
      <summary>{t('facts')}</summary>
      <Reminders record={record} />
      <Group title={t('people')}>
        <Fact name={t('requester')}>{record.requester && <Person of={record.requester} />}</Fact>
        {reported && <Fact name={t('reporter')}>{record.reporter?.label}</Fact>}
        <Fact name={t('site')}>{record.site?.label}</Fact>
        <Fact name={t('team')}>
          {record.team && (
            <>
              {record.team.label} <WhyHere record={record} />
            </>
          )}
        </Fact>
        <Fact name={t('assignee')}>{record.assignee && <Person of={record.assignee} />}</Fact>
        {record.deputy && <Fact name={t('deputy')}>{record.deputy.label}</Fact>}
        {record.on_duty_for && record.on_duty && (
          <Fact name={t('deputy')}>
            {t('desk:on_behalf', { actor: record.on_duty.label, person: record.on_duty_for.label })}
          </Fact>
        )}
      </Group>
      <Group title={t('what')}>
        <Fact name={t('service')}>{record.service?.label}</Fact>
        <Fact name={t('category')}>{record.category?.label}</Fact>
        <Fact name={t('priority')}>
          {record.priority_label ?? record.priority}
          {record.impact && record.urgency && (
            <span className="dim">
              {' '}
              · {t('impact')} {valueLabel(pack, 'impact', record.impact)} × {t('urgency')}{' '}
              {valueLabel(pack, 'urgency', record.urgency)}
            </span>
          )}
        </Fact>
        {own.map((it) => (
          <Fact key={it.key} name={it.label}>
            {inWords(it.key, record.fields[it.key])}
          </Fact>
        ))}
        {record.legal_hold && (
          <Fact name={t('legal_hold')}>
            {record.legal_hold.reason}{' '}
            <span className="dim">
              {record.legal_hold.by?.label} <TimeAgo at={record.legal_hold.at} />
            </span>
          </Fact>
        )}
        {record.parent && (
          <Fact name={t('parent')}>
            <Link
              to="/w/records/$type/$number"
              params={{ type: record.type, number: record.parent.number }}
              search={{}}
              title={record.parent.title}
              className="mono"
            >
              {record.parent.number}
            </Link>
          </Fact>
        )}
      </Group>
      <Followers record={record} actions={actions} />
      <Group title={t('times')}>
        <Fact name={t('opened')}>
          <TimeAgo at={record.opened_at} />{' '}
          <span className="dim">{valueLabel(pack, 'channel', record.channel)}</span>
        </Fact>
        <Fact name={t('responded')}>{record.responded_at && <TimeAgo at={record.responded_at} />}</Fact>
        <Fact name={t('resolved')}>{record.resolved_at && <TimeAgo at={record.resolved_at} />}</Fact>
        {record.closed_at && (
          <Fact name={t('closed')}>
            <TimeAgo at={record.closed_at} />
          </Fact>
        )}
        {record.reassign_count > 0 && <Fact name={t('reassigned')}>{record.reassign_count}</Fact>}
        {record.reopen_count > 0 && <Fact name={t('reopened')}>{record.reopen_count}</Fact>}
      </Group>
    </details>
  );
}

/** What somebody is to see to, the earliest first. */
function Reminders({ record }: { record: WorkRecord }) {
  const { t } = useTranslation('record');
  if (!record.reminders?.length) return null;
  return (
    <section>
      <h2>{t('reminders')}</h2>
      <ul className={css.reminders}>
        {record.reminders.map((it) => (
          <li key={it.id}>
            <ReminderLine of={it} />
            <span data-no-print>
              <ReminderDone of={it} record={record} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2>{title}</h2>
      <dl>{children}</dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  const empty = children === null || children === undefined || children === '' || children === false;
  return (
    <>
      <dt>{name}</dt>
      <dd>{empty ? <span className="dim">—</span> : children}</dd>
    </>
  );
}
