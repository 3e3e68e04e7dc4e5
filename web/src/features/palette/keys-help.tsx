import { Button, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { useRegisteredHotkeys } from '../../shared/lib/hotkeys';
import { showOverlay } from '../../shared/lib/overlays';
import { usePreferences } from '../../shared/lib/preferences';
import css from './palette.module.css';

/** The keys that work on this page: those registered by what is on it now. */
export function KeysHelp() {
  const { t } = useTranslation('palette');
  const { letterKeys } = usePreferences();
  const byLabel = new Map<string, Set<string>>();
  const hotkeys = useRegisteredHotkeys();
  for (const it of hotkeys) {
    byLabel.set(it.label, (byLabel.get(it.label) ?? new Set()).add(it.keys));
  }
  return (
    <Modal
      open
      title={t('keys_title')}
      onCancel={() => showOverlay(null)}
      width={620}
      footer={<Button onClick={() => showOverlay('help')}>{t('help')}</Button>}
    >
      {!letterKeys && <p className="dim small">{t('keys_off')}</p>}
      <ul className={css.keys}>
        {[...byLabel].map(([label, keys]) => (
          <li key={label}>
            {label}
            <span>
              {[...keys].map((it) => (
                <Keys key={it} keys={it} />
              ))}
            </span>
          </li>
        ))}
      </ul>
    </Modal>
  );
}

function Keys({ keys }: { keys: string }) {
  return (
    <span>
      {keys.split(' ').map((part) => (
        <kbd key={part}>{part.replace('mod+k', 'Ctrl K').replace('mod+', 'Ctrl ')}</kbd>
      ))}
    </span>
  );
}
