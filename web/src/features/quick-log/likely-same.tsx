import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Severity } from '../../shared/announcements/announcement-card';
import { hintsQuery } from '../../shared/announcements/queries';
import { userQuery } from '../../shared/lib/queries';
import { useSettled } from '../../shared/lib/use-settled';
import { PhaseMark } from '../../shared/ui/marks';
import { TimeAgo } from '../../shared/ui/time-ago';
import css from './quick-log.module.css';

/** The record that a new one is hung below. */
export interface Above {
  type: string;
  number: string;
  title: string;
}

interface Props {
  title: string;
  service: string | undefined;
  category: string | undefined;
  site: string | undefined;
  /** Where the caller sits, unless a site is named. */
  requester: string | undefined;
  above: Above | undefined;
  disabled: boolean;
  onAbove: (above: Above | undefined) => void;
  /** Shows a record beside, as `type/number`. */
  onOpen: (record: string) => void;
}

/** While a call is written down: what is announced and fits, and what is open and alike. The new record can be hung below it. */
export function LikelySame(props: Props) {
  const { title, service, category, site, requester, above, disabled, onAbove, onOpen } = props;
  const { t } = useTranslation('quick-log');
  const said = useSettled(title, 300);
  const { data: person } = useQuery({ ...userQuery(requester ?? ''), enabled: Boolean(requester) });
  const about = { title: said, service, category, site: site ?? person?.site?.key, whose: 'all' };
  const { data } = useQuery(hintsQuery(about));
  const asked = said.length > 1 || service !== undefined;
  const announcements = (asked && data?.announcements) || [];
  // What an announcement names already is not named twice.
  const named = new Set(announcements.map((it) => it.record?.number));
  const records = ((asked && data?.records) || []).filter((it) => !named.has(it.number));
  const count = announcements.length + records.length;
  const hang = (it: Above) => {
    const hung = above?.number === it.number;
    return (
      <Button
        size="small"
        aria-pressed={hung}
        aria-label={t(hung ? 'unhang_from' : 'hang_below', { number: it.number })}
        disabled={disabled}
        onClick={() => onAbove(hung ? undefined : { type: it.type, number: it.number, title: it.title })}
      >
        {t(hung ? 'unhang' : 'hang')}
      </Button>
    );
  };
  return (
    <>
      <p role="status" className="visually-hidden">
        {count > 0 ? t('likely_count', { count }) : ''}
      </p>
      {above && (
        <p className={css.above} role="status">
          {t('hung', { number: above.number, title: above.title })}{' '}
          <Button type="link" size="small" disabled={disabled} onClick={() => onAbove(undefined)}>
            {t('unhang')}
          </Button>
        </p>
      )}
      {count > 0 && (
        <section className={css.likely} aria-label={t('likely')}>
          <h3>{t('likely')}</h3>
          <ul>
            {announcements.map((it) => {
              const { record } = it;
              return (
                <li key={it.id}>
                  <p>
                    <Severity of={it} /> {it.title} <span className="dim">{t('likely_announced')}</span>
                  </p>
                  {record && (
                    <p>
                      <button
                        type="button"
                        className="plain mono"
                        onClick={() => onOpen(`${record.type}/${record.number}`)}
                      >
                        {record.number}
                      </button>
                      {hang({ ...record, title: it.title })}
                    </p>
                  )}
                </li>
              );
            })}
            {records.map((it) => (
              <li key={it.number}>
                <button type="button" className="plain" onClick={() => onOpen(`${it.type}/${it.number}`)}>
                  <span className="mono dim">{it.number}</span> {it.title}
                </button>
                <p>
                  <PhaseMark phase={it.phase} label={it.state_label} />
                  <TimeAgo at={it.opened_at} />
                  {it.service && <span className="dim">{it.service.label}</span>}
                  {hang(it)}
                </p>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
