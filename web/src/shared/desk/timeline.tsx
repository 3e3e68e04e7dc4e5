import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Change, Ref, TimelineItem } from '../../api/types';
import { blank } from '../form/schema';
import { packQuery } from '../lib/queries';
import { exactTime } from '../lib/time';
import { usePrinting } from '../lib/use-printing';
import { LockIcon, SwapIcon } from '../ui/icons';
import { Avatar } from '../ui/marks';
import { PlainText } from '../ui/plain-text';
import { TimeAgo } from '../ui/time-ago';
import { Files } from './attachments';
import { Choices } from './choice';
import { Decisions } from './decisions';
import css from './desk.module.css';
import type { RecordId } from './use-record-writes';
import { useValueText } from './use-value-text';

interface Props {
  record: RecordId;
  items: TimelineItem[];
  /** The portal speaks plainly: no badges, no field names it cannot explain. */
  plain?: boolean;
  /** Makes something else of what was said. */
  onSplit?: (item: TimelineItem) => void;
}

const shownAtOnce = 14;

// What one worker writes to the next when handing over: the requester sees that it happened, not these words.
const notes = new Set(['completed', 'assigned', 'held']);

/** Can the requester read what this entry says? A hold that asks them for something does so in its note. */
export const publicWords = (
  it: Pick<TimelineItem, 'visibility' | 'kind' | 'body'> & { reason?: string | null },
  asks: string[] = [],
) =>
  it.visibility !== 'internal' &&
  !(it.body && notes.has(it.kind) && !(it.kind === 'held' && asks.includes(it.reason ?? '')));

/** Changes worth a word: that a reason no longer holds goes without saying. */
export const worthSaying = (changes: Change[]) =>
  changes.filter((it) => !blank(it.new) || !it.field.endsWith('_reason'));

/** The journal: what was said stands out, what was changed is one quiet line. */
export function Timeline({ record, items, plain, onSplit }: Props) {
  const { t } = useTranslation('desk');
  const [opened, setAll] = useState(false);
  const all = usePrinting() || opened;
  const hidden = all ? 0 : Math.max(0, items.length - shownAtOnce);
  if (items.length === 0)
    return (
      <p className="dim" style={{ padding: 16 }}>
        {t('empty_journal')}
      </p>
    );
  return (
    <>
      {hidden > 0 && (
        <button
          type="button"
          className="plain small"
          style={{ padding: '8px 12px', color: 'var(--accent-text)' }}
          onClick={() => setAll(true)}
        >
          {t('show_earlier', { count: hidden })}
        </button>
      )}
      <ol className={css.timeline}>
        {items.slice(hidden).map((it) => (
          <Entry key={it.seq} record={record} item={it} plain={plain} onSplit={onSplit} />
        ))}
      </ol>
    </>
  );
}

function Entry({ record, item, plain, onSplit }: Omit<Props, 'items'> & { item: TimelineItem }) {
  const { t, i18n } = useTranslation('desk');
  const channel = item.channel === 'web' ? '' : t(`common:channel.${item.channel}`, { defaultValue: '' });
  const spoken = Boolean(item.body) || item.attachments.length > 0;
  const { data: pack } = useQuery(packQuery(record.type));
  const internal = !plain && !publicWords(item, pack?.asks_requester);
  const name = item.actor?.label ?? t('by_system');
  const who = item.on_behalf_of ? t('on_behalf', { actor: name, person: item.on_behalf_of.label }) : name;
  const late = Math.abs(Date.parse(item.recorded_at) - Date.parse(item.occurred_at)) > 5 * 60_000;
  const did = useDeed()(item);
  return (
    <li className={`${css.entry} ${spoken ? '' : css.quiet} ${internal && spoken ? css.internal : ''}`}>
      <span className={css.avatarCell}>
        {spoken ? <Avatar name={name} large /> : <SwapIcon style={{ fontSize: 12 }} />}
      </span>
      <div style={{ minWidth: 0 }}>
        <div className={css.head}>
          <strong>{who}</strong>
          {did && <span>{did}</span>}
          {item.linked && <span className="mono">{item.linked}</span>}
          {!plain && spoken && (
            <span className={`${css.badge} ${internal ? css.badgeInternal : css.badgePublic}`}>
              {internal && <LockIcon />}
              {t(internal ? 'internal' : 'public')}
            </span>
          )}
          {!plain && channel && <span className="dim">{t('via', { channel })}</span>}
          {!spoken && item.kind !== 'opened' && (
            <Changes record={record} changes={worthSaying(item.changes)} />
          )}
        </div>
        <Decisions decisions={item.decisions} />
        {item.choices && <Choices choices={item.choices} />}
        {item.body && (
          <div className={css.body}>
            <PlainText text={item.body} />
          </div>
        )}
        {onSplit && item.kind === 'commented' && item.body && (
          <button
            type="button"
            className="plain small"
            style={{ color: 'var(--accent-text)' }}
            data-no-print
            onClick={() => onSplit(item)}
          >
            {t('split_from')}
          </button>
        )}
        {item.reminder && <Reminded of={item.reminder} by={item.actor} />}
        <Files record={record} items={item.attachments} />
        {spoken && item.kind !== 'opened' && item.changes.length > 0 && (
          <div className="dim" style={{ marginTop: 4 }}>
            <Changes
              record={record}
              changes={worthSaying(item.changes).filter((it) => it.new !== item.body)}
            />
          </div>
        )}
      </div>
      <div className={css.when}>
        <TimeAgo at={item.occurred_at} />
        {late && !plain && (
          <span className={css.late} title={`${t('late')} ${exactTime(item.recorded_at, i18n.language)}`}>
            {t('late_mark')}
          </span>
        )}
      </div>
    </li>
  );
}

function Reminded({ of, by }: { of: NonNullable<TimelineItem['reminder']>; by?: Ref | null }) {
  const { t, i18n } = useTranslation('desk');
  return (
    <div>
      {exactTime(of.due_at, i18n.language, 'short')}
      {of.phone && <span className="mono"> {of.phone}</span>}
      {of.user.id !== by?.id && <span className="dim"> {t('seen_by', { name: of.user.label })}</span>}
      {of.note && <div className={css.body}>{of.note}</div>}
    </div>
  );
}

/** What was done, in few words: a step is named by its outcome, a time limit by its name and what followed. */
function useDeed() {
  const { t } = useTranslation('desk');
  return ({ kind, reason_label, timer, to, actor, check }: TimelineItem) => {
    if (kind === 'completed') return reason_label;
    if (check) {
      const said = t(`check_${check.state}`, { text: check.text });
      return check.note ? `${said} · ${check.note}` : said;
    }
    if (timer) {
      const followed = timer.followed.map((it) => it.label).join(' → ');
      if (timer.idle && followed) return t('timer_idle', { label: timer.label, followed });
      return t(followed ? 'timer_followed' : 'timer_fired', { label: timer.label, followed });
    }
    const others = to?.some((it) => it.id !== actor?.id) && (kind === 'watched' || kind === 'unwatched');
    const names = to?.map((it) => it.label).join(t('common:comma'));
    return [t(others ? `kind_${kind}_them` : `kind_${kind}`, { names, defaultValue: '' }), reason_label]
      .filter(Boolean)
      .join(t('common:colon'));
  };
}

const changesAtOnce = 4;

function Changes({ record, changes }: { record: RecordId; changes: Change[] }) {
  const { t } = useTranslation('desk');
  const { data: pack } = useQuery(packQuery(record.type));
  const inWords = useValueText(pack);
  const [opened, setAll] = useState(false);
  const all = usePrinting() || opened;
  const shown = all || changes.length <= changesAtOnce + 1 ? changes : changes.slice(0, changesAtOnce);
  return (
    <span className={css.changes}>
      {shown.map((it) => (
        <span key={it.field}>
          {it.label}{' '}
          {it.old !== null && it.old !== '' && (
            <>
              <span className={css.old}>{inWords(it.field, it.old, it.old_label)}</span>
              {' → '}
            </>
          )}
          <b>{it.new === null ? t('unset') : inWords(it.field, it.new, it.new_label)}</b>
        </span>
      ))}
      {shown.length < changes.length && (
        <button type="button" className={`plain ${css.moreChanges}`} onClick={() => setAll(true)}>
          {t('more_changes', { count: changes.length - shown.length })}
        </button>
      )}
    </span>
  );
}
