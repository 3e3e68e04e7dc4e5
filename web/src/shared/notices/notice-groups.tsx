import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Notice } from '../../api/types';
import { PhaseMark } from '../ui/marks';
import { TimeAgo } from '../ui/time-ago';
import { groupNotices, type NoticeGroup, wordOf } from './groups';
import css from './notices.module.css';

export type Face = 'portal' | 'work';

interface Props {
  items: Notice[];
  face: Face;
  /** Most records shown. */
  most?: number;
  /** One line a record, the newest. */
  brief?: boolean;
  onGo?: () => void;
}

const linesAtOnce = 3;

/** What happened, record by record. */
export function NoticeGroups({ items, face, most, brief, onGo }: Props) {
  return (
    <ul className={css.groups} data-brief={brief || undefined}>
      {groupNotices(items)
        .slice(0, most)
        .map((group) => (
          <Group key={group.key} group={group} face={face} lines={brief ? 1 : linesAtOnce} onGo={onGo} />
        ))}
    </ul>
  );
}

interface GroupProps {
  group: NoticeGroup;
  face: Face;
  lines: number;
  onGo?: () => void;
}

function Group({ group, face, lines, onGo }: GroupProps) {
  const { t } = useTranslation('notices');
  const { record, items, unseen } = group;
  const params = { type: record.type, number: record.number };
  return (
    <li className={css.group} data-unseen={unseen > 0 || undefined}>
      <div className={css.head}>
        {face === 'work' ? (
          <Link to="/w/records/$type/$number" params={params} search={{}} onClick={onGo}>
            {record.title}
          </Link>
        ) : (
          <Link to="/requests/$type/$number" params={params} onClick={onGo}>
            {record.title}
          </Link>
        )}
        {unseen > 0 && <span className="visually-hidden">{t('unseen', { count: unseen })}</span>}
      </div>
      <div className={css.meta}>
        <span className="mono">{record.number}</span>
        <PhaseMark phase={record.phase} label={record.state_label} />
      </div>
      <ul className={css.lines}>
        {items.slice(0, lines).map((it) => (
          <Line key={`${it.at}.${it.about}.${it.kind}`} notice={it} />
        ))}
      </ul>
      {items.length > lines && (
        <span className={`dim ${css.rest}`}>{t('more', { count: items.length - lines })}</span>
      )}
    </li>
  );
}

function Line({ notice }: { notice: Notice }) {
  const { t } = useTranslation('notices');
  const name = notice.by?.label ?? t('common:system');
  return (
    <li data-unseen={!notice.seen || undefined}>
      <span>{t(wordOf(notice), { name, defaultValue: t('news') })}</span>
      <span className="dim">
        <TimeAgo at={notice.at} />
      </span>
    </li>
  );
}
