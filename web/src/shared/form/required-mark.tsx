import { useTranslation } from 'react-i18next';
import css from './form.module.css';

/** Stands beside the name of a field that cannot stay empty; to others the input itself says so. */
export function RequiredMark() {
  const { t } = useTranslation();
  return (
    <span className={css.required} title={t('common:required')} aria-hidden="true">
      *
    </span>
  );
}
