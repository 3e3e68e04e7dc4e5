import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { AnnouncementBar } from '../shared/announcements/announcement-bar';
import { useHotkeys } from '../shared/lib/hotkeys';
import { showOverlay } from '../shared/lib/overlays';
import { preferences, usePreferences } from '../shared/lib/preferences';
import { countersQuery, meQuery, packsQuery } from '../shared/lib/queries';
import { useLive } from '../shared/lib/use-live';
import { NoticesBell } from '../shared/notices/notices-bell';
import {
  CheckSquareIcon,
  DoubleLeftIcon,
  DoubleRightIcon,
  FileTextIcon,
  PlusIcon,
  SearchIcon,
  UnorderedListIcon,
  UserIcon,
} from '../shared/ui/icons';
import { Overlays } from './overlays';
import { AccountMenu } from './shell/account-menu';
import { HelpButton } from './shell/help-button';
import { ModeBanner } from './shell/mode-banner';
import { AdminGroups, Item, type NavItem } from './shell/rail';
import { SetupBanner } from './shell/setup-banner';
import css from './shell/shell.module.css';
import { useFirstTour } from './use-first-tour';
import { useSessionEnd } from './use-session-end';

export function WorkShell() {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: packs } = useQuery(packsQuery);
  const { data: counters } = useQuery(countersQuery);
  const { rail } = usePreferences();
  const narrow = rail === 'narrow';
  useLive();
  useSessionEnd();
  useFirstTour('work');
  useHotkeys([
    { keys: 'mod+k', label: t('palette'), run: () => showOverlay('palette') },
    { keys: '/', label: t('palette'), run: () => showOverlay('palette') },
    { keys: 'n', label: t('log'), run: () => showOverlay('log') },
    { keys: '?', label: t('keys'), run: () => showOverlay('keys') },
    { keys: 'g h', label: t('help'), run: () => showOverlay('help') },
    { keys: 'g w', label: t('my_work'), run: () => void navigate({ to: '/w' }) },
    { keys: 'g q', label: t('queue'), run: () => void navigate({ to: '/w/queue', search: {} }) },
  ]);

  const main: NavItem[] = [
    { key: 'my', to: '/w', exact: true, icon: <CheckSquareIcon />, label: t('my_work') },
    {
      key: 'queue',
      to: '/w/queue',
      icon: <UnorderedListIcon />,
      label: t('queue'),
      short: t('queue_short'),
      count: counters?.unclaimed,
    },
  ];
  const types: NavItem[] = (packs?.items ?? []).map((it) => ({
    key: it.key,
    to: '/w/records/$type',
    params: { type: it.key },
    icon: <FileTextIcon />,
    label: it.label,
  }));
  return (
    <div className={css.work}>
      <a href="#main" className="skip">
        {t('skip')}
      </a>
      <nav
        className={`${css.rail} ${narrow ? css.narrow : ''}`}
        aria-label={t('nav')}
        data-rail
        data-no-print
      >
        <Link to="/w" className={css.brand} aria-label={t('common:product')}>
          <img src="/favicon.svg" alt="" />
          <span className={css.label}>{t('common:product')}</span>
        </Link>
        {main.map((item) => (
          <Item key={item.key} item={item} narrow={narrow} />
        ))}
        <p className={css.group}>{t('records')}</p>
        {types.map((item) => (
          <Item key={item.key} item={item} narrow={narrow} />
        ))}
        <AdminGroups me={me} narrow={narrow} />
        <div className={css.bottom}>
          <button
            type="button"
            className={`${css.item} ${css.collapse}`}
            aria-label={t(narrow ? 'expand' : 'collapse')}
            onClick={() => preferences.set({ rail: narrow ? 'wide' : 'narrow' })}
          >
            {narrow ? <DoubleRightIcon /> : <DoubleLeftIcon />}
            <span className={css.label}>{t('collapse')}</span>
          </button>
        </div>
      </nav>
      <div className={css.column}>
        <ModeBanner />
        <SetupBanner me={me} />
        <header className={css.top} data-no-print>
          <button
            type="button"
            className={css.search}
            data-tour="search"
            onClick={() => showOverlay('palette')}
          >
            <SearchIcon />
            <span className="ellipsis">{t('palette')}</span>
            <kbd>Ctrl K</kbd>
          </button>
          <div className={css.end}>
            <Button type="primary" data-tour="log" icon={<PlusIcon />} onClick={() => showOverlay('log')}>
              {t('log')}
            </Button>
            <HelpButton />
            <NoticesBell face="work" />
            <AccountMenu me={me} face="work" />
          </div>
        </header>
        <AnnouncementBar />
        <main id="main" tabIndex={-1} className={css.main}>
          <Outlet />
        </main>
      </div>
      <nav className={css.tabs} aria-label={t('nav')} data-no-print>
        {[...main, ...types.slice(0, 1)].map((item) => (
          <Item key={item.key} item={item} short />
        ))}
        <button type="button" className={css.item} onClick={() => showOverlay('palette')}>
          <UserIcon />
          <span className={css.label}>{t('more')}</span>
        </button>
      </nav>
      <Overlays face="work" />
    </div>
  );
}
