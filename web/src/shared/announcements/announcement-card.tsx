import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Announcement } from '../../api/types';
import { dayTime, exactTime } from '../lib/time';
import { useNow } from '../lib/use-now';
import { Markdown } from '../ui/markdown';
import css from './announcements.module.css';
import { MeToo } from './me-too';

/** How grave it is, or that it is over: a word of its own beside the three of the server. */
export const gravity = (of: Pick<Announcement, 'severity' | 'recovered_at'>) =>
  of.recovered_at ? 'recovered' : of.severity;

/** How grave it is, in a word: colour never stands alone. */
export function Severity({ of }: { of: Announcement }) {
  const { t } = useTranslation('announcements');
  return (
    <span className={css.severity} data-severity={gravity(of)}>
      {t(`severity_${gravity(of)}`)}
    </span>
  );
}

/** Since when, and until when if that is known, or since when it works again; to the day and year on hover. */
export function Span({ of }: { of: Announcement }) {
  const { t, i18n } = useTranslation('announcements');
  const now = useNow();
  const words = (time: (at: string) => string) => {
    const from = of.from ? time(of.from) : '';
    if (of.recovered_at) return t('recovered', { from, at: time(of.recovered_at) });
    return of.until ? t('from_until', { from, until: time(of.until) }) : t('since', { from });
  };
  return (
    <span className="dim small" title={words((at) => exactTime(at, i18n.language, 'short'))}>
      {words((at) => dayTime(at, now, t))}
    </span>
  );
}

interface Props {
  of: Announcement;
  /** Where its record can be opened, for those who may. */
  face: 'portal' | 'work';
  level?: 2 | 3;
}

/** An announcement with all that it says. */
export function AnnouncementCard({ of, face, level = 3 }: Props) {
  const { t } = useTranslation('announcements');
  const Title = `h${level}` as 'h3';
  return (
    <article className={css.card} data-severity={gravity(of)}>
      <div className={css.line}>
        <Severity of={of} />
        <Title>{of.title}</Title>
        <Span of={of} />
      </div>
      {of.body && (
        <div className={css.body}>
          <Markdown text={of.body} below={level} />
        </div>
      )}
      {(of.services.length > 0 || of.record) && (
        <p className="dim small">
          {of.services.map((it) => it.label).join(t('common:comma'))}{' '}
          {of.record && (
            <Link
              to={face === 'work' ? '/w/records/$type/$number' : '/requests/$type/$number'}
              params={{ type: of.record.type, number: of.record.number }}
              search={{}}
            >
              {of.record.number}
            </Link>
          )}
        </p>
      )}
      <MeToo of={of} />
    </article>
  );
}
