import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ReminderItem } from '../../api/types';
import { ReminderDone, ReminderLine } from '../../shared/desk/reminders';
import { meQuery } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import { groupNotices } from '../../shared/notices/groups';
import { NoticeGroups } from '../../shared/notices/notice-groups';
import { remindersQuery, unseenQuery } from '../../shared/notices/queries';
import { useMarkSeen } from '../../shared/notices/use-seen';
import css from './my-work.module.css';

const mostRecords = 4;

/** What is new since the person last looked; the bell has all of it. */
export function WhatChanged() {
  const { t } = useTranslation('my-work');
  const { data } = useQuery(unseenQuery);
  const mark = useMarkSeen();
  const problem = useProblem();
  if (!data || data.items.length === 0) return null;
  const rest = groupNotices(data.items).length - mostRecords;
  return (
    <section className={css.heap} aria-label={t('changed')}>
      <h2>
        {t('changed')} <span className={css.count}>{data.unseen}</span>
        <Button size="small" type="link" onClick={() => void mark().catch(problem)}>
          {t('notices:all_seen')}
        </Button>
      </h2>
      <div className="card">
        <NoticeGroups items={data.items} face="work" brief most={mostRecords} />
        {rest > 0 && <p className={`dim small ${css.rest}`}>{t('changed_rest', { count: rest })}</p>}
      </div>
    </section>
  );
}

/** One's own reminders and promised calls; who leads sees the calls that others have missed. */
export function ToSeeTo() {
  const { t } = useTranslation('my-work');
  const { data: me } = useSuspenseQuery(meQuery);
  const leads = me.admin || me.actions.includes('job.read');
  const { data: own } = useQuery(remindersQuery(false));
  const { data: missed } = useQuery({ ...remindersQuery(true), enabled: leads });
  const mine = own?.items ?? [];
  const others = (missed?.items ?? []).filter((it) => it.user.id !== me.id);
  return (
    <>
      {mine.length > 0 && <Reminders title={t('see_to')} items={mine} more={Boolean(own?.next)} own />}
      {others.length > 0 && (
        <Reminders title={t('missed_calls')} items={others} more={Boolean(missed?.next)} />
      )}
    </>
  );
}

interface Props {
  title: string;
  items: ReminderItem[];
  more: boolean;
  own?: boolean;
}

function Reminders({ title, items, more, own }: Props) {
  return (
    <section className={css.heap} aria-label={title}>
      <h2>
        {title}{' '}
        <span className={css.count}>
          {items.length}
          {more ? '+' : ''}
        </span>
      </h2>
      <ul className="card">
        {items.map((it) => (
          <li key={it.id} className={css.reminder}>
            <div>
              <Link
                to="/w/records/$type/$number"
                params={{ type: it.record.type, number: it.record.number }}
                search={{}}
              >
                {it.record.title}
              </Link>{' '}
              <span className="mono dim">{it.record.number}</span>
              <ReminderLine of={it} own={own} />
            </div>
            <ReminderDone of={it} record={it.record} />
          </li>
        ))}
      </ul>
    </section>
  );
}
