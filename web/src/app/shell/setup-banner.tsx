import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Me } from '../../api/types';
import { meQuery } from '../../shared/lib/queries';
import { settingsQuery } from '../../shared/lib/setting-queries';
import { useProblem } from '../../shared/lib/use-problem';
import { putSetting } from '../../shared/settings/setting-form';
import css from './shell.module.css';

/** Reminds who may go on with the first setup that it is not finished. */
export function SetupBanner({ me }: { me: Me }) {
  const { t } = useTranslation('shell');
  const client = useQueryClient();
  const problem = useProblem();
  if (!me.setup) return null;
  const dismiss = async () => {
    try {
      const { items } = await client.fetchQuery({ ...settingsQuery, staleTime: 0 });
      const setup = items.find((it) => it.key === 'setup');
      if (setup) await putSetting(setup, { ...(setup.value as object), state: 'dismissed' });
      await client.invalidateQueries({ queryKey: meQuery.queryKey });
    } catch (error) {
      problem(error);
    }
  };
  return (
    <section className={`${css.banner} ${css.setup}`} aria-label={t('setup_open')} data-no-print>
      {t('setup_open')}{' '}
      <Link to="/setup" search={{}} style={{ textDecoration: 'underline' }}>
        {t('setup_go')}
      </Link>{' '}
      <button type="button" className="plain" onClick={() => void dismiss()}>
        {t('setup_hide')}
      </button>
    </section>
  );
}
