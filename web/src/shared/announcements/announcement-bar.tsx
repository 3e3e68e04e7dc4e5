import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Announcement } from '../../api/types';
import { CloseIcon, SoundIcon } from '../ui/icons';
import { AnnouncementCard, gravity, Severity } from './announcement-card';
import css from './announcements.module.css';
import { announcementsQuery } from './queries';

const kept = 'yuheng.announcements.seen';
/** A change of what it says makes it new again, and so does that it is over. */
const sign = (of: Announcement) => `${of.id}.${of.version}${of.recovered_at ? '.over' : ''}`;

function read(): string[] {
  try {
    return (sessionStorage.getItem(kept) ?? '').split(' ').filter(Boolean);
  } catch {
    return [];
  }
}

/** What is in force, in one line above the work; opened it says everything, put away it stays away until it changes. */
export function AnnouncementBar() {
  const { t } = useTranslation('announcements');
  const { data } = useQuery(announcementsQuery);
  const [away, setAway] = useState(read);
  const [open, setOpen] = useState(false);
  const items = (data?.items ?? []).filter((it) => !away.includes(sign(it)));
  const [first] = items;
  if (!first) return null;
  const putAway = () => {
    const next = [...away, ...items.map(sign)].slice(-200);
    setAway(next);
    setOpen(false);
    try {
      sessionStorage.setItem(kept, next.join(' '));
    } catch {
      // It comes again with the next page: no harm.
    }
  };
  return (
    <section className={css.bar} aria-label={t('announcements')} data-severity={gravity(first)} data-no-print>
      <div className={css.line}>
        <SoundIcon />
        <Severity of={first} />
        <button type="button" className={css.more} aria-expanded={open} onClick={() => setOpen(!open)}>
          <span className="ellipsis">{first.title}</span>
          {items.length > 1 && (
            <span className="nowrap dim">{t('and_more', { count: items.length - 1 })}</span>
          )}
        </button>
        <Button type="text" size="small" icon={<CloseIcon />} aria-label={t('put_away')} onClick={putAway} />
      </div>
      {open && (
        <div className={css.opened}>
          {items.map((it) => (
            <AnnouncementCard key={it.id} of={it} face="work" />
          ))}
        </div>
      )}
    </section>
  );
}
