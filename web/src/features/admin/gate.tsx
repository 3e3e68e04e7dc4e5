import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { mayAdmin } from '../../shared/lib/admin-pages';
import { meQuery } from '../../shared/lib/queries';
import { LockIcon } from '../../shared/ui/icons';
import { Empty } from '../../shared/ui/page';

/** Lets in who has the page's right; to others it says so, whichever way they came. */
export function AdminGate() {
  const { t } = useTranslation('admin');
  const { data: me } = useSuspenseQuery(meQuery);
  const page = useLocation({ select: (it) => it.pathname.split('/')[3] ?? '' });
  if (mayAdmin(me, page)) return <Outlet />;
  return (
    <div className="card">
      <Empty page icon={<LockIcon />} title={t('no_right')} text={t('no_right_text')}>
        <Link to="/w">{t('to_my_work')}</Link>
      </Empty>
    </div>
  );
}
