import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useLevels } from '../../shared/lib/levels';
import { countersQuery } from '../../shared/lib/queries';
import css from './lists.module.css';

/** How much there is in one's teams, as the server counts it; it follows changes by itself. */
export function QueueCounters() {
  const { t } = useTranslation('lists');
  const { data } = useQuery(countersQuery);
  const look = useLevels();
  if (!data) return null;
  return (
    <output className={css.counters} data-counters>
      <span>
        {t('count_open')} <b>{data.open}</b>
      </span>
      <span>
        {t('count_unclaimed')} <b>{data.unclaimed}</b>
      </span>
      <span>
        {t('count_mine')} <b>{data.mine}</b>
      </span>
      {Object.entries(data.by_priority)
        .slice(0, 2)
        .map(([key, count]) => (
          <span key={key}>
            {look(key).short} <b>{count}</b>
          </span>
        ))}
    </output>
  );
}
