import { Link, useLocation, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ErrorView } from '../shared/ui/error-view';
import { Empty, useTitle } from '../shared/ui/page';

export function ErrorPage({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <div style={{ padding: '8vh 16px' }}>
      <ErrorView page error={error} retry={retry} />
    </div>
  );
}

export function NotFoundPage() {
  const { t } = useTranslation();
  useTitle(t('error.missing.title'));
  const work = useLocation({ select: (it) => it.pathname.startsWith('/w/') });
  return (
    <main id="main" tabIndex={-1} style={{ padding: '8vh 16px' }}>
      <Empty page title={t('error.missing.title')} text={t('error.missing.text')}>
        <Link to={work ? '/w' : '/'}>{t(work ? 'error.to_work' : 'error.to_portal')}</Link>
      </Empty>
    </main>
  );
}
