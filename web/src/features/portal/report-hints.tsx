import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AnnouncementCard, Severity } from '../../shared/announcements/announcement-card';
import { hintsQuery } from '../../shared/announcements/queries';
import { PhaseMark } from '../../shared/ui/marks';
import css from './hints.module.css';

/** While somebody writes: what is announced and fits, and what they have reported already. */
export function ReportHints({ title, service }: { title: string; service: string | undefined }) {
  const { t } = useTranslation('portal');
  const [asked, setAsked] = useState({ title: '', service });
  const [chosen, setChosen] = useState<string>();
  useEffect(() => {
    const timer = setTimeout(() => setAsked({ title: title.trim(), service }), 300);
    return () => clearTimeout(timer);
  }, [title, service]);
  const { data } = useQuery(hintsQuery(asked));
  const wanted = asked.title.length > 1 || asked.service !== undefined;
  if (!wanted || !data || data.announcements.length + data.records.length === 0) return null;
  const known = data.announcements.find((it) => it.id === chosen);
  if (known)
    return (
      <section className={css.hints} aria-label={t('hints')}>
        <AnnouncementCard of={known} face="portal" />
        <p role="status">{t('hint_known')}</p>
        <div className={css.hint}>
          <Link to="/" search={{}}>
            {t('hint_home')}
          </Link>
          <Button onClick={() => setChosen(undefined)}>{t('hint_else')}</Button>
        </div>
      </section>
    );
  return (
    <section className={css.hints} aria-label={t('hints')}>
      <h2>{t('hints')}</h2>
      <ul>
        {data.announcements.map((it) => (
          <li key={it.id} className={css.hint}>
            <span>
              <Severity of={it} /> {it.title} <span className="dim small">{t('hint_announced')}</span>
            </span>
            <Button size="small" onClick={() => setChosen(it.id)}>
              {t('hint_this')}
            </Button>
          </li>
        ))}
        {data.records.map((it) => (
          <li key={it.number} className={css.hint}>
            <span>
              <Link to="/requests/$type/$number" params={{ type: it.type, number: it.number }}>
                {it.title}
              </Link>{' '}
              <span className="dim small">
                {t('hint_own')} <span className="mono">{it.number}</span>
              </span>
            </span>
            <PhaseMark phase={it.phase} label={it.state_label} />
          </li>
        ))}
      </ul>
    </section>
  );
}
