import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Hints } from '../../api/types';
import { AnnouncementCard } from '../../shared/announcements/announcement-card';
import { announcementsQuery, hintsQuery } from '../../shared/announcements/queries';
import { PhaseMark } from '../../shared/ui/marks';
import { TimeAgo } from '../../shared/ui/time-ago';
import looks from './hints.module.css';
import css from './portal.module.css';

/** What is going on and concerns the reader: what fits the thing that is looked for, or the rest of it. */
export function Announcements({ about, rest = false }: { about: string; rest?: boolean }) {
  const { t } = useTranslation('portal');
  const { data } = useQuery(announcementsQuery);
  const { data: hints } = useQuery({ ...hintsQuery({ title: about }), enabled: about.length > 1 });
  const fits = new Set(hints?.announcements.map((it) => it.id));
  const items = (data?.items ?? []).filter((it) => about === '' || fits.has(it.id) !== rest);
  const id = useId();
  if (items.length === 0) return null;
  return (
    <section className={looks.announcements} aria-labelledby={id}>
      <h2 id={id}>{t(rest ? 'announcements_rest' : 'announcements')}</h2>
      {items.map((it) => (
        <AnnouncementCard key={it.id} of={it} face="portal" />
      ))}
    </section>
  );
}

/** A request of one's own that says in other words what is looked for. */
export function AlikeItem({ item }: { item: Hints['records'][number] }) {
  return (
    <li className={`card ${css.item}`}>
      <div>
        <h3>
          <Link to="/requests/$type/$number" params={{ type: item.type, number: item.number }}>
            {item.title}
          </Link>
        </h3>
        <div className={css.meta}>
          <PhaseMark phase={item.phase} label={item.state_label} />
          <span className="mono">{item.number}</span>
          <TimeAgo at={item.opened_at} />
        </div>
      </div>
    </li>
  );
}
