import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNow } from '../lib/use-now';
import css from './form.module.css';
import { quickTimes } from './quick';

/** The moments that people mean most often, one press away. */
export function QuickTimes({ onPick }: { onPick: (at: string) => void }) {
  const { t } = useTranslation();
  const now = useNow();
  return (
    <span className={css.quick}>
      {quickTimes(now).map(({ key, at }) => (
        <Button key={key} size="small" onClick={() => onPick(new Date(at).toISOString())}>
          {t(`common:quick.${key}`)}
        </Button>
      ))}
    </span>
  );
}
