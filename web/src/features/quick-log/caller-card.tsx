import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { recordsQuery, userQuery } from '../../shared/lib/queries';
import { ErrorView } from '../../shared/ui/error-view';
import { PhaseMark } from '../../shared/ui/marks';
import { TimeAgo } from '../../shared/ui/time-ago';
import css from './quick-log.module.css';

interface Props {
  type: string;
  requester: string;
  /** Shows a record beside, as `type/number`. */
  onOpen: (record: string) => void;
}

/** Who calls, where they sit, and what they have open and had before: perhaps the call is about that. */
export function CallerCard({ type, requester, onOpen }: Props) {
  const { t } = useTranslation('quick-log');
  const { data: person, error, refetch } = useQuery(userQuery(requester));
  const name = person?.label ?? requester;
  const facts = [
    ['department', person?.department?.label],
    ['site', person?.site?.label],
    ['phone', person?.phone],
    ['staff_number', person?.number],
    ['email', person?.email],
  ] as const;
  const known = facts.filter(([, value]) => value);
  return (
    <aside className={css.card} aria-label={t('caller', { name })}>
      <h3>{name}</h3>
      {error && !person && <ErrorView error={error} retry={() => void refetch()} />}
      {known.length > 0 && (
        <dl>
          {known.map(([key, value]) => (
            <div key={key}>
              <dt className="dim">{t(key)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <Records
        type={type}
        filter={{ requester, state: 'open', sort: '-opened_at' }}
        title={t('open_of', { name })}
        none={t('none_of', { name })}
        onOpen={onOpen}
      />
      <Records
        type={type}
        filter={{ requester, state: 'closed,cancelled', sort: '-opened_at' }}
        title={t('past_of', { name })}
        none={t('none_past', { name })}
        onOpen={onOpen}
      />
    </aside>
  );
}

interface RecordsProps {
  type: string;
  filter: { requester: string; state: string; sort: string };
  title: string;
  none: string;
  onOpen: (record: string) => void;
}

function Records({ type, filter, title, none, onOpen }: RecordsProps) {
  const { data, error, refetch } = useInfiniteQuery(recordsQuery(type, filter, 5));
  // What was asked for the caller before is nobody else's.
  const items = data?.pages[0]?.items.filter((it) => it.requester.key === filter.requester);
  if (error && !data) return <ErrorView error={error} retry={() => void refetch()} />;
  if (!items) return null;
  return (
    <section role="status">
      {items.length === 0 ? <p className="dim">{none}</p> : <h4>{title}</h4>}
      <ul>
        {items.map((it) => (
          <li key={it.id}>
            <button
              type="button"
              className="plain ellipsis"
              onClick={() => onOpen(`${it.type}/${it.number}`)}
            >
              {it.title}
            </button>
            <PhaseMark phase={it.phase} label={it.state_label} />
            <TimeAgo at={it.opened_at} />
          </li>
        ))}
      </ul>
    </section>
  );
}
