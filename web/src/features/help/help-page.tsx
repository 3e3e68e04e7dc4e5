import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PageHead, useTitle } from '../../shared/ui/page';
import { GuideView } from './guide-view';

function HelpPage({ to }: { to: '/help/$chapter' | '/w/help/$chapter' }) {
  const { t } = useTranslation('help');
  const { chapter } = useParams({ strict: false }) as { chapter?: string };
  const navigate = useNavigate();
  useTitle(t('title'));
  return (
    <>
      <PageHead title={t('title')} answer={t('lead')} />
      <div className="card" style={{ padding: 16 }}>
        <GuideView at={chapter} onOpen={(key) => void navigate({ to, params: { chapter: key } })} />
      </div>
    </>
  );
}

/** The guide as a page, with an address that can be sent to somebody. */
export const PortalHelpPage = () => <HelpPage to="/help/$chapter" />;
export const WorkHelpPage = () => <HelpPage to="/w/help/$chapter" />;
