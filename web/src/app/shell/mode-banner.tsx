import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { serverState } from '../../api/server-state';
import css from './shell.module.css';

export function ModeBanner() {
  const { t } = useTranslation('shell');
  const { mode, reachable } = useSyncExternalStore(serverState.subscribe, serverState.get);
  const kind = !reachable ? 'offline' : mode === 'normal' ? null : mode;
  return (
    <div role="status" data-no-print>
      {kind && <p className={css.banner}>{t(`mode_${kind}`)}</p>}
    </div>
  );
}
