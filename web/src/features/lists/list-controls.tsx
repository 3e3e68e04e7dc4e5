import { Button } from 'antd';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DownIcon } from '../../shared/ui/icons';
import css from './lists.module.css';

/** Everything that narrows and lays out a list. On a phone it is folded: the records come first, unless something is narrowed. */
export function ListControls({ narrowed, children }: { narrowed: boolean; children: ReactNode }) {
  const { t } = useTranslation('lists');
  const id = useId();
  const [open, setOpen] = useState(narrowed);
  return (
    <>
      <Button
        className={css.unfold}
        aria-expanded={open}
        aria-controls={id}
        icon={<DownIcon />}
        iconPlacement="end"
        onClick={() => setOpen(!open)}
      >
        {t('controls')}
      </Button>
      <div id={id} className={css.controls} data-open={open}>
        {children}
      </div>
    </>
  );
}
