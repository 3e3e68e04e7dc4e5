import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Health } from '../../api/types';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones, PageHead, useTitle } from '../../shared/ui/page';
import css from './admin.module.css';

type Item = Health['items'][number];

/** How the system is: each item with what was seen and, where something should be done, what. */
export function HealthPage() {
  const { t } = useTranslation('admin');
  const { data, error, refetch } = useQuery({
    queryKey: ['health'],
    queryFn: () => call<Health>(api.GET('/api/v1/health')),
    refetchInterval: 15_000,
  });
  useTitle(t('health'));
  const count = (level: string) => data?.items.filter((it) => it.level === level).length ?? 0;
  const worst = count('bad') > 0 ? 'bad' : count('attention') > 0 ? 'attention' : 'fine';
  return (
    <>
      <PageHead title={t('health')} answer={data && t(`health_answer_${worst}`, { count: count(worst) })} />
      {error && !data && <ErrorView error={error} retry={() => void refetch()} />}
      {!data && !error && <Bones rows={8} />}
      {data && (
        <section className={`card ${css.pack}`} aria-label={t('health')}>
          <ul className={css.health}>
            {data.items.map((it) => (
              <li key={it.key}>
                <strong>{t(`health_${it.key}`)}</strong>
                <span className={it.level === 'bad' ? css.bad : it.level === 'attention' ? css.ended : 'dim'}>
                  {t(`health_level_${it.level}`)}
                </span>
                <span>
                  <Seen item={it} />
                  {it.level !== 'fine' && <p className="small">{t(`health_${it.key}_do`)}</p>}
                </span>
              </li>
            ))}
          </ul>
          <p className="dim small">{t('health_program', { version: data.version, node: data.node })}</p>
        </section>
      )}
    </>
  );
}

const numberOf = (value: unknown) => (typeof value === 'number' ? value : 0);

function Seen({ item: { key, value } }: { item: Item }) {
  const { t } = useTranslation('admin');
  if (key === 'mode') return t(`health_mode_${value.mode}`, { reason: value.reason });
  if (key === 'database') return String(value.kind);
  if (key === 'schema') return t('health_schema_value', value);
  if (key === 'nodes') {
    return t('health_nodes_value', { count: Array.isArray(value.nodes) ? value.nodes.length : 0 });
  }
  if (key === 'packs') {
    const packs = (value.packs ?? []) as { key: string; version: number }[];
    return packs.map((it) => `${it.key} ${it.version}`).join(t('common:comma'));
  }
  if (key === 'seal') {
    return typeof value.age_seconds === 'number'
      ? t('health_seal_value', { seconds: value.age_seconds })
      : t('health_seal_never');
  }
  if (key === 'timers') {
    return t('health_timers_value', { late: numberOf(value.late), given_up: numberOf(value.given_up) });
  }
  const states = Object.entries((value.states ?? {}) as Record<string, number>);
  const waits = states.map(([state, count]) => t('health_count', { state: t(`health_${state}`), count }));
  if (value.relay === false) waits.push(t('health_no_relay'));
  return waits.length > 0 ? waits.join(t('common:comma')) : t('health_nothing');
}
