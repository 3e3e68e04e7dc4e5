import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { onSignedOut } from '../api/server-state';
import { toast } from '../shared/ui/toast';

/** When the server ends the session, go to sign-in and come back here afterwards. */
export function useSessionEnd() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const router = useRouter();
  useEffect(() => {
    let leaving = false;
    const stop = onSignedOut(() => {
      if (leaving) return;
      leaving = true;
      toast.warning(t('common:problem.unauthenticated'));
      const here = router.state.location.href;
      void router
        .navigate({ to: '/sign-in', search: { next: here === '/' ? undefined : here } })
        .then(() => client.clear());
    });
    return () => {
      stop();
    };
  }, [client, router, t]);
}
