import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Task } from '../../api/types';
import { meQuery, tasksQuery } from '../../shared/lib/queries';
import { duration, shortTime } from '../../shared/lib/time';
import { useNow } from '../../shared/lib/use-now';
import table from '../../shared/table/table.module.css';
import { useRowKeys } from '../../shared/table/use-row-keys';
import { useStableRows } from '../../shared/table/use-stable-rows';
import { ErrorView } from '../../shared/ui/error-view';
import { CheckCircleIcon } from '../../shared/ui/icons';
import { Person, PhaseMark, Priority } from '../../shared/ui/marks';
import { Bones, Empty, PageHead, useTitle } from '../../shared/ui/page';
import { TimeAgo } from '../../shared/ui/time-ago';
import css from './my-work.module.css';
import { heaps, nextOf } from './order';
import { ToSeeTo, WhatChanged } from './what-changed';

export function MyWorkPage() {
  const { t } = useTranslation('my-work');
  const navigate = useNavigate();
  const area = useRef<HTMLDivElement>(null);
  const { data: me } = useQuery(meQuery);
  const list = useInfiniteQuery(tasksQuery({ mine: true, sort: 'urgency' }));
  const fresh = list.data?.pages.flatMap((page) => page.items) ?? [];
  const held = useStableRows(fresh, area, 'mine');
  const piles = heaps(held.rows);
  const next = nextOf(piles);
  const shown = [...piles.accept, ...piles.work, ...piles.hold];
  const { current, setCurrent } = useRowKeys(shown.map((it) => it.id));
  useTitle(t('title'));

  if (list.error && !list.data)
    return <ErrorView page error={list.error} retry={() => void list.refetch()} />;
  // Of what is not loaded yet nobody knows to which heap it belongs.
  const more = list.hasNextPage ? '+' : '';
  const answer = (['accept', 'work', 'hold'] as const)
    .filter((name) => piles[name].length > 0)
    .map((name) => `${t(name)} ${piles[name].length}${more}`)
    .join(' · ');
  return (
    <>
      <PageHead title={t('title')} answer={list.data && (shown.length === 0 ? t('answer_none') : answer)} />
      {me?.stands_in_for.map((it) => (
        <p key={it.person.id} className={css.standing} role="note">
          {t('standing_in', { name: it.person.label })} <TimeAgo at={it.until} />
        </p>
      ))}
      {list.isPending && (
        <div className="card">
          <Bones rows={8} />
        </div>
      )}
      {list.data && shown.length === 0 && (
        <div className="card">
          <Empty icon={<CheckCircleIcon />} title={t('empty')} text={t('empty_text')}>
            <Button type="primary" onClick={() => void navigate({ to: '/w/queue', search: {} })}>
              {t('to_queue')}
            </Button>
          </Empty>
        </div>
      )}
      {next && <Next task={next} />}
      <ToSeeTo />
      <WhatChanged />
      <div ref={area}>
        {(['accept', 'work', 'hold'] as const).map(
          (name) =>
            piles[name].length > 0 && (
              <Heap
                key={name}
                name={t(name)}
                more={more}
                tasks={piles[name]}
                current={current}
                onPick={setCurrent}
              />
            ),
        )}
      </div>
      {list.hasNextPage && (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('common:load_more')}
        </Button>
      )}
    </>
  );
}

const toRecord = (it: Task) => ({ type: it.record.type, number: it.record.number });

function Next({ task }: { task: Task }) {
  const { t } = useTranslation('my-work');
  const now = useNow();
  const navigate = useNavigate();
  const why = task.due_at
    ? t('next_why_due', { time: shortTime(task.due_at, now, t) })
    : task.assignee
      ? t('next_why_priority', { time: duration(now - Date.parse(task.opened_at), t) })
      : t('next_why_accept', { team: task.team?.label ?? '' });
  return (
    <section className={`card ${css.next}`} aria-label={t('next')}>
      <div>
        <h2>{t('next')}</h2>
        <p className={css.nextTitle}>
          <Priority value={task.record.priority} />
          <Link to="/w/records/$type/$number" params={toRecord(task)} search={{}}>
            {task.record.title}
          </Link>
        </p>
        <p className="dim small">
          <span className="mono">{task.record.number}</span> · {task.label} · {why}
        </p>
      </div>
      <Button
        type="primary"
        onClick={() => void navigate({ to: '/w/records/$type/$number', params: toRecord(task), search: {} })}
      >
        {t('open')}
      </Button>
    </section>
  );
}

interface HeapProps {
  name: string;
  /** A plus where there are more than are shown. */
  more: string;
  tasks: Task[];
  current: string | undefined;
  onPick: (id: string) => void;
}

function Heap({ name, more, tasks, current, onPick }: HeapProps) {
  const { t } = useTranslation('my-work');
  const now = useNow();
  return (
    <section className={css.heap}>
      <h2>
        {name}{' '}
        <span className={css.count}>
          {tasks.length}
          {more}
        </span>
      </h2>
      <div className={`card ${table.wrap}`}>
        <table
          className={`${table.table} ${table.records}`}
          aria-label={t('list', { name, count: `${tasks.length}${more}` })}
        >
          <tbody>
            {tasks.map((it) => (
              <tr
                key={it.id}
                data-row={it.id}
                data-live={it.record.id}
                data-current={current === it.id || undefined}
                onFocus={() => onPick(it.id)}
              >
                <td className={table.cPriority}>
                  <Priority value={it.record.priority} />
                </td>
                <td className={`mono dim ${table.cNumber}`}>{it.record.number}</td>
                <td className={table.mTitle} title={it.record.title}>
                  <Link
                    to="/w/records/$type/$number"
                    params={toRecord(it)}
                    search={{}}
                    className={table.titleLink}
                  >
                    {it.record.title}
                  </Link>
                  {it.stands_in_for && (
                    <span className={css.away}>{t('stands_in_for', { name: it.stands_in_for.label })}</span>
                  )}
                </td>
                <td className={`${table.cPerson} ${table.mHide}`}>
                  <Person of={it.record.requester} bare />
                </td>
                <td className={`${table.cPerson} ${table.mHide} dim`} title={t('activity')}>
                  {it.label}
                </td>
                <td className={table.cState}>
                  <PhaseMark phase={it.record.phase} label={it.record.state_label} />
                </td>
                <td className={`dim ${table.cSince}`}>
                  {it.due_at ? (
                    <>
                      {t('due')} <TimeAgo at={it.due_at} />
                    </>
                  ) : (
                    t('since', { time: duration(now - Date.parse(it.opened_at), t) })
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
