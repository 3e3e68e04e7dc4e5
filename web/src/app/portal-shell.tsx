import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { infoQuery, meQuery } from '../shared/lib/queries';
import { useLive } from '../shared/lib/use-live';
import { NoticesBell } from '../shared/notices/notices-bell';
import { Overlays } from './overlays';
import { AccountMenu } from './shell/account-menu';
import { HelpButton } from './shell/help-button';
import { ModeBanner } from './shell/mode-banner';
import css from './shell/shell.module.css';
import { useFirstTour } from './use-first-tour';
import { useSessionEnd } from './use-session-end';

export function PortalShell() {
  const { t } = useTranslation('shell');
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: info } = useQuery(infoQuery);
  useLive();
  useSessionEnd();
  useFirstTour('portal');
  return (
    <div className={css.portal}>
      <a href="#main" className="skip">
        {t('skip')}
      </a>
      <ModeBanner />
      <header className={css.portalTop} data-no-print>
        <div className={css.portalBar}>
          <Link to="/" search={{}} className={css.brand}>
            <img src="/favicon.svg" alt="" />
            <span>{info?.organisation ?? t('common:product')}</span>
          </Link>
          <nav className={css.portalNav} aria-label={t('nav')}>
            <Link to="/" search={{}} activeOptions={{ exact: true, includeSearch: false }}>
              {t('requests')}
            </Link>
            <Link to="/report" search={{}} activeOptions={{ includeSearch: false }}>
              {t('report')}
            </Link>
          </nav>
          <div className={css.end}>
            <HelpButton />
            <NoticesBell face="portal" />
            <AccountMenu me={me} face="portal" />
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1} className={css.portalMain}>
        <Outlet />
      </main>
      <Overlays face="portal" />
    </div>
  );
}
