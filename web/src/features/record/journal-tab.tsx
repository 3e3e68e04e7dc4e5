import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, type Ref, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimelineItem, WorkRecord } from '../../api/types';
import { Composer } from '../../shared/desk/composer';
import { Timeline } from '../../shared/desk/timeline';
import type { Actions } from '../../shared/desk/use-actions';
import { worksOn } from '../../shared/desk/works-on';
import { timelineQuery } from '../../shared/lib/queries';
import { ErrorView } from '../../shared/ui/error-view';
import { Avatar } from '../../shared/ui/marks';
import { Bones } from '../../shared/ui/page';
import { PlainText } from '../../shared/ui/plain-text';
import { TimeAgo } from '../../shared/ui/time-ago';
import { Typing } from './presence';
import css from './record.module.css';
import type { usePresence } from './use-presence';

const SplitDialog = lazy(() => import('./split-dialog').then((it) => ({ default: it.SplitDialog })));
const route = getRouteApi('/signed-in/w/records/$type/$number');
const spoken = (it: TimelineItem) => Boolean(it.body) || it.attachments.length > 0;
const shows = [
  [undefined, 'show_all'],
  ['words', 'show_words'],
  ['changes', 'show_changes'],
] as const;

export function pickEntries(items: TimelineItem[], show: string | undefined): TimelineItem[] {
  if (show === 'words') return items.filter(spoken);
  return show === 'changes' ? items.filter((it) => it.changes.length > 0) : items;
}

interface Props {
  record: WorkRecord;
  actions: Actions;
  box: Ref<HTMLTextAreaElement>;
  presence: ReturnType<typeof usePresence>;
}

export function JournalTab({ record, actions, box, presence }: Props) {
  const { t } = useTranslation('record');
  const { show } = route.useSearch();
  const { data, error, refetch } = useQuery(timelineQuery(record.type, record.number));
  const comment = actions.get('comment');
  const [second, setSecond] = useState<TimelineItem>();
  const quoted = second && `${second.actor?.label ?? t('common:system')}: ${second.body}`;
  return (
    <>
      <section className={`card ${css.description}`} aria-label={t('description')}>
        <div className={css.by}>
          {record.requester && <Avatar name={record.requester.label} large />}
          <span>{t('described_by', { name: record.requester?.label ?? t('common:system') })}</span>
          <TimeAgo at={record.opened_at} />
        </div>
        {record.description ? (
          <PlainText text={record.description} />
        ) : (
          <span className="dim">{t('no_description')}</span>
        )}
      </section>
      <nav className={css.shows} aria-label={t('show')} data-no-print>
        {shows.map(([value, label]) => (
          <Link
            key={label}
            to="/w/records/$type/$number"
            params={{ type: record.type, number: record.number }}
            search={{ show: value }}
            replace
            resetScroll={false}
            activeOptions={{ exact: true, explicitUndefined: true }}
            activeProps={{ 'aria-current': show === value ? 'true' : undefined }}
            inactiveProps={{ 'aria-current': show === value ? 'true' : undefined }}
          >
            {t(label)}
          </Link>
        ))}
      </nav>
      <div className="card" style={{ overflow: 'hidden' }}>
        {error && !data && <ErrorView error={error} retry={() => void refetch()} />}
        {!data && !error && <Bones rows={5} />}
        {data && (
          <Timeline
            record={record}
            items={pickEntries(data, show)}
            onSplit={actions.get('link')?.enabled ? setSecond : undefined}
          />
        )}
      </div>
      <Suspense fallback={null}>
        {quoted && <SplitDialog record={record} quote={quoted} onClose={() => setSecond(undefined)} />}
      </Suspense>
      {comment?.enabled && (
        <div className={css.reply} data-no-print>
          <Typing others={presence.others} />
          <Composer
            key={record.number}
            record={record}
            to={record.requester}
            canInternal={worksOn(record)}
            box={box}
            onTyping={presence.onTyping}
          />
        </div>
      )}
      {comment && !comment.enabled && <p className={`dim small ${css.noReply}`}>{comment.reason}</p>}
    </>
  );
}
