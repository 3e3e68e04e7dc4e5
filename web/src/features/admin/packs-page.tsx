import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { packQuery, packsQuery } from '../../shared/lib/queries';
import { tablesQuery } from '../../shared/lib/table-queries';
import { ErrorView } from '../../shared/ui/error-view';
import { AppstoreIcon } from '../../shared/ui/icons';
import { Markdown } from '../../shared/ui/markdown';
import { PhaseMark } from '../../shared/ui/marks';
import { Bones, Empty, PageHead, useTitle } from '../../shared/ui/page';
import css from './admin.module.css';

export function PacksPage() {
  const { t } = useTranslation('admin');
  const { data, error, refetch } = useQuery(packsQuery);
  useTitle(t('packs'));
  return (
    <>
      <PageHead title={t('packs')} answer={t('packs_answer')} />
      {error && <ErrorView error={error} retry={() => void refetch()} />}
      {!data && !error && <Bones rows={4} />}
      {data?.items.length === 0 && <Empty icon={<AppstoreIcon />} title={t('no_packs')} />}
      {data?.items.map((it) => (
        <PackCard key={it.key} type={it.key} label={it.label} version={it.version} />
      ))}
    </>
  );
}

function PackCard({ type, label, version }: { type: string; label: string; version: number }) {
  const { t } = useTranslation('admin');
  const { data } = useQuery(packQuery(type));
  const { data: tables } = useQuery(tablesQuery(type));
  return (
    <section className={`card ${css.pack}`} aria-label={label}>
      <h2>
        <Link to="/w/records/$type" params={{ type }} search={{}}>
          {label}
        </Link>
      </h2>
      <p className="dim small">
        {t('version')} {version}
      </p>
      {data ? (
        <>
          <dl>
            <dt>{t('key')}</dt>
            <dd className="mono">{data.key}</dd>
            <dt>{t('states')}</dt>
            <dd className={css.chips}>
              {data.states.map((state) => (
                <PhaseMark key={state.key} phase={state.phase} label={state.label} />
              ))}
            </dd>
            <dt>{t('activities')}</dt>
            <dd>{data.activities.map((activity) => activity.label).join(' · ')}</dd>
            <dt>{t('tables')}</dt>
            <dd className={css.chips}>
              {tables?.items.map((it) => (
                <Link key={it.key} to="/w/admin/packs/$type/tables/$table" params={{ type, table: it.key }}>
                  {it.name}
                </Link>
              ))}
            </dd>
          </dl>
          {data.help && (
            <div className={css.help}>
              <Markdown text={data.help} below={2} />
            </div>
          )}
        </>
      ) : (
        <Bones rows={3} />
      )}
    </section>
  );
}
