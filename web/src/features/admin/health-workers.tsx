import { useTranslation } from 'react-i18next';
import type { Health } from '../../api/types';
import table from '../../shared/table/table.module.css';
import { TimeAgo } from '../../shared/ui/time-ago';
import css from './admin.module.css';

type Item = Health['items'][number];

/** A worker as the server tells of it. */
interface Worker {
  worker: string;
  node: string;
  here: boolean;
  level: Item['level'];
  began_seconds: number;
  took_ms: number | null;
  silent_seconds: number;
  still: boolean;
  failures: number;
  failing_seconds: number | null;
  failure: string | null;
}

export const workersOf = (item: Item) => (item.value.workers ?? []) as Worker[];

/** Which words fit the class of a level. */
export const classOf = (level: string) =>
  level === 'bad' ? css.bad : level === 'attention' ? css.ended : 'dim';

/** The end of an identity tells nodes apart: its beginning is the time. */
export const shortNode = (id: string) => id.slice(-6);

/** What each worker of each node does: since when, for how long, and why not. */
export function HealthWorkers({ item, now }: { item: Item; now: number }) {
  const { t } = useTranslation('admin');
  const workers = workersOf(item);
  const several = new Set(workers.map((it) => it.node)).size > 1;
  const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
  return (
    <section className={`card ${table.wrap} ${css.workers}`} aria-label={t('health_workers')}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t('health_workers')}</th>
            {several && <th scope="col">{t('health_node')}</th>}
            <th scope="col">{t('health_began')}</th>
            <th scope="col" className={table.wide}>
              {t('health_took')}
            </th>
            <th scope="col">{t('health_state')}</th>
          </tr>
        </thead>
        <tbody>
          {workers.map((it) => (
            <tr key={`${it.node}.${it.worker}`}>
              <td>{t(`health_worker_${it.worker}`, { defaultValue: it.worker })}</td>
              {several && (
                <td className="mono" title={it.node}>
                  {shortNode(it.node)}
                </td>
              )}
              <td>
                <TimeAgo at={ago(it.began_seconds)} />
              </td>
              <td className={`mono ${table.wide}`}>{it.took_ms === null ? '—' : `${it.took_ms} ms`}</td>
              <td className={css.cell}>
                <span className={classOf(it.level)}>{t(`health_level_${it.level}`)}</span>
                {it.still && (
                  <p className="small">
                    {t('health_still', { minutes: Math.floor(it.silent_seconds / 60) })}
                  </p>
                )}
                {it.failure && (
                  <p className="small">
                    {t('health_fails', { count: it.failures })} <span className="mono">{it.failure}</span>
                  </p>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
