import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Health } from '../../api/types';
import { fileSize } from '../../shared/form/file-picker';
import { packsQuery } from '../../shared/lib/queries';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones, PageHead, useTitle } from '../../shared/ui/page';
import { TimeAgo } from '../../shared/ui/time-ago';
import css from './admin.module.css';
import { classOf, HealthWorkers, shortNode, workersOf } from './health-workers';

type Item = Health['items'][number];

/** How the system is: each item with what was seen and, where something should be done, what. */
export function HealthPage() {
  const { t } = useTranslation('admin');
  const { data, error, refetch, dataUpdatedAt } = useQuery({
    queryKey: ['health'],
    queryFn: () => call<Health>(api.GET('/api/v1/health')),
    refetchInterval: 15_000,
  });
  useTitle(t('health'));
  const count = (level: string) => data?.items.filter((it) => it.level === level).length ?? 0;
  const worst = count('bad') > 0 ? 'bad' : count('attention') > 0 ? 'attention' : 'fine';
  const workers = data?.items.find((it) => it.key === 'workers');
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
                <span className={classOf(it.level)}>{t(`health_level_${it.level}`)}</span>
                <span>
                  <Seen item={it} />
                  {it.level !== 'fine' && <p className="small">{t(`health_${adviceOf(it)}_do`)}</p>}
                </span>
              </li>
            ))}
          </ul>
          <p className="dim small">
            {t('health_program', { version: data.version, node: shortNode(data.node) })}
          </p>
        </section>
      )}
      {workers && <HealthWorkers item={workers} now={dataUpdatedAt} />}
    </>
  );
}

interface Backup {
  at: string;
  took_ms: number;
  file: string;
  bytes: number | null;
  missing: number;
  failure: string | null;
}
const backupsOf = (value: Item['value']) => value as { last: Backup | null; made: Backup | null };

/** Which advice fits: some items want different things done. */
function adviceOf({ key, value }: Item): string {
  if (key === 'workers') return workersOf({ key, value } as Item).some((it) => it.failure) ? key : 'still';
  if (key !== 'backup') return key;
  const { last, made } = backupsOf(value);
  if (last?.failure) return 'backup_failed';
  if (!made) return 'backup_none';
  return made.missing > 0 ? 'backup_missing' : 'backup_old';
}

const numberOf = (value: unknown) => (typeof value === 'number' ? value : 0);

/** What is told in one sentence of words and numbers. */
function seen({ key, value }: Item, t: TFunction<'admin'>): string | undefined {
  switch (key) {
    case 'mode':
      return t(`health_mode_${value.mode}`, { reason: value.reason });
    case 'database':
      return t('health_database_value', { kind: value.kind, size: fileSize(numberOf(value.bytes)) });
    case 'schema':
      return t('health_schema_value', value);
    case 'nodes': {
      const count = Array.isArray(value.nodes) ? value.nodes.length : 0;
      const silent = numberOf(value.silent);
      return `${t('health_nodes_value', { count })}${silent > 0 ? t('health_nodes_silent', { count: silent }) : ''}`;
    }
    case 'seal':
      return typeof value.age_seconds === 'number'
        ? t('health_seal_value', { seconds: value.age_seconds })
        : t('health_seal_never');
    case 'timers':
      return t('health_timers_value', { late: numberOf(value.late), given_up: numberOf(value.given_up) });
    default:
      return undefined;
  }
}

function Seen({ item }: { item: Item }) {
  const { t } = useTranslation('admin');
  const { key, value } = item;
  if (key === 'disk') return <Disks value={value} />;
  if (key === 'backup') return <LastBackup value={value} />;
  if (key === 'packs') return <Packs value={value} />;
  if (key === 'workers') {
    const workers = workersOf(item);
    const wrong = workers.filter((it) => it.level !== 'fine');
    const names = wrong.map((it) => t(`health_worker_${it.worker}`, { defaultValue: it.worker }));
    return wrong.length > 0
      ? names.join(t('common:comma'))
      : t('health_workers_value', { count: workers.length });
  }
  const said = seen(item, t);
  if (said !== undefined) return said;
  const states = Object.entries((value.states ?? {}) as Record<string, number>);
  const waits = states.map(([state, count]) => t('health_count', { state: t(`health_${state}`), count }));
  if (value.relay === false) waits.push(t('health_no_relay'));
  return waits.length > 0 ? waits.join(t('common:comma')) : t('health_nothing');
}

/** The packs that are in force, by the names that people know them by. */
function Packs({ value }: { value: Item['value'] }) {
  const { t } = useTranslation('admin');
  const { data } = useQuery(packsQuery);
  const packs = (value.packs ?? []) as { key: string; version: number }[];
  const name = (key: string) => data?.items.find((it) => it.key === key)?.label ?? key;
  return packs.map((it) => `${name(it.key)} ${it.version}`).join(t('common:comma'));
}

interface Disk {
  what: string[];
  path: string;
  free_bytes: number;
  total_bytes: number;
}

function Disks({ value }: { value: Item['value'] }) {
  const { t } = useTranslation('admin');
  const disks = (value.disks ?? []) as Disk[];
  if (disks.length === 0) return t('health_disk_unknown');
  return disks.map((it) => (
    <span key={it.path} className={css.line}>
      {t('health_disk_value', {
        what: it.what.map((what) => t(`health_disk_${what}`)).join(t('common:comma')),
        free: fileSize(it.free_bytes),
        total: fileSize(it.total_bytes),
        percent: Math.floor((it.free_bytes / Math.max(1, it.total_bytes)) * 100),
      })}{' '}
      <span className="dim mono">{it.path}</span>
    </span>
  ));
}

function LastBackup({ value }: { value: Item['value'] }) {
  const { t } = useTranslation('admin');
  const { last, made } = backupsOf(value);
  if (!last && !made) return t('health_backup_never');
  return (
    <>
      {made && (
        <span className={css.line}>
          <TimeAgo at={made.at} />{' '}
          {t('health_backup_value', {
            size: fileSize(made.bytes ?? 0),
            seconds: Math.ceil(made.took_ms / 1000),
          })}{' '}
          <span className="dim mono">{made.file}</span>
          {made.missing > 0 && ` ${t('health_backup_lacks', { count: made.missing })}`}
        </span>
      )}
      {last?.failure && (
        <span className={css.line}>
          <TimeAgo at={last.at} /> {t('health_backup_failure')} <span className="mono">{last.failure}</span>
        </span>
      )}
    </>
  );
}
