import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { settingsQuery } from '../../shared/lib/setting-queries';
import { SchemePresets, TermPreview } from '../../shared/settings/presets';
import { SettingForm } from '../../shared/settings/setting-form';
import css from '../../shared/settings/settings.module.css';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones, PageHead, useTitle } from '../../shared/ui/page';
import { TimeAgo } from '../../shared/ui/time-ago';

/** Everything that can be set, in groups; what holds, since when, and what it means. */
export function SettingsPage() {
  const { t } = useTranslation('settings');
  const { data, error, refetch } = useQuery(settingsQuery);
  useTitle(t('title'));
  const items = data?.items.filter((it) => it.group !== 'setup') ?? [];
  const groups = [...new Set(items.map((it) => it.group))];
  // The name of the group is said by its first part already.
  const called = (group: string) => {
    const first = items.find((it) => it.group === group);
    return first !== undefined && t(`f_${first.key}`) === t(`group_${group}`);
  };
  return (
    <>
      <PageHead
        title={t('title')}
        answer={t('answer')}
        tools={
          <Link to="/setup" search={{}}>
            {t('to_setup')}
          </Link>
        }
      />
      {error && !data && <ErrorView error={error} retry={() => void refetch()} />}
      {!data && !error && <Bones rows={8} />}
      {groups.map((group) => (
        <section key={group} className={css.part} aria-label={t(`group_${group}`)}>
          <h2 className={called(group) ? 'visually-hidden' : undefined}>{t(`group_${group}`)}</h2>
          {items
            .filter((it) => it.group === group)
            .map((it) => (
              <article
                key={`${it.key}.${it.version}`}
                className={`card ${css.setting}`}
                data-setting={it.key}
              >
                <header>
                  <h3>{t(`f_${it.key}`)}</h3>
                  <p className="dim small">{t(`h_${it.key}`)}</p>
                  <p className="dim small">
                    {it.is_set && it.since ? (
                      <>
                        {t('set_by', { person: it.by?.label ?? t('common:system') })}{' '}
                        <TimeAgo at={it.since} />
                      </>
                    ) : (
                      t('is_default')
                    )}
                  </p>
                </header>
                <SettingForm
                  setting={it}
                  before={(value, put) =>
                    it.key === 'priority_scheme' ? (
                      <SchemePresets put={put} />
                    ) : it.key === 'terminology' ? (
                      <TermPreview value={value} />
                    ) : null
                  }
                />
              </article>
            ))}
        </section>
      ))}
    </>
  );
}
