import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { RecordItem } from '../../api/types';
import css from '../../shared/table/table.module.css';
import { Person, PhaseMark, Priority } from '../../shared/ui/marks';
import { TimeAgo } from '../../shared/ui/time-ago';
import list from './lists.module.css';

interface Props {
  rows: RecordItem[];
  current?: string;
  gone: ReadonlySet<string>;
  priorities: Record<string, string>;
  /** The queue of one team needs no column for it. */
  withTeam: boolean;
  /** The instant that the list is sorted by, or else the newest. */
  time: 'opened_at' | 'updated_at';
  onPick: (row: RecordItem) => void;
  onPeek: (row: RecordItem) => void;
}

export function RecordTable({ rows, current, gone, priorities, withTeam, time, onPick, onPeek }: Props) {
  const { t } = useTranslation('lists');
  return (
    <table className={`${css.table} ${css.records}`} aria-label={t('list')}>
      <thead>
        <tr>
          <th scope="col" className={css.cPriority}>
            <span className="visually-hidden">{t('priority')}</span>
          </th>
          <th scope="col" className={css.cNumber}>
            {t('number')}
          </th>
          <th scope="col">{t('title')}</th>
          <th scope="col" className={`${css.cService} ${css.wide}`}>
            {t('service')}
          </th>
          <th scope="col" className={`${css.cPerson} ${css.wide}`}>
            {t('requester')}
          </th>
          {withTeam && (
            <th scope="col" className={`${css.cPerson} ${css.wide}`}>
              {t('team_column')}
            </th>
          )}
          <th scope="col" className={css.cPerson}>
            {t('assignee')}
          </th>
          <th scope="col" className={css.cState}>
            {t('state')}
          </th>
          <th scope="col" className={css.cTime}>
            {t(time)}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((it) => (
          <tr
            key={it.id}
            data-row={it.id}
            data-live={it.id}
            data-current={current === it.id || undefined}
            className={gone.has(it.id) ? css.gone : undefined}
            onFocus={() => onPick(it)}
            onClick={(event) => {
              if (!(event.target as HTMLElement).closest('a')) onPeek(it);
            }}
            onKeyDown={() => {}}
          >
            <td>
              <Priority value={it.priority} label={it.priority ? priorities[it.priority] : undefined} />
            </td>
            <td className="mono dim">{it.number}</td>
            <td className={css.mTitle} title={it.title}>
              <Link
                to="/w/records/$type/$number"
                params={{ type: it.type, number: it.number }}
                search={{}}
                className={css.titleLink}
              >
                {it.title}
              </Link>
            </td>
            <td className={css.wide}>{it.service?.label ?? <span className="dim">—</span>}</td>
            <td className={css.wide}>
              <Person of={it.requester} bare />
            </td>
            {withTeam && <td className={css.wide}>{it.team?.label ?? <span className="dim">—</span>}</td>}
            <td className={css.mHide}>
              {it.assignee ? (
                <Person of={it.assignee} />
              ) : it.on_duty ? (
                <span className={list.duty}>
                  <i>{t('duty')}</i> {it.on_duty.label}
                </span>
              ) : (
                <span className="dim">—</span>
              )}
            </td>
            <td>
              <PhaseMark phase={it.phase} label={it.state_label} />
            </td>
            <td className="dim">
              <TimeAgo at={it[time]} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
