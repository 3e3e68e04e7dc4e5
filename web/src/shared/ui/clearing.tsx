import { useTranslation } from 'react-i18next';
import { CloseIcon } from './icons';

/**
 * The cross that empties a field, by its name in the reader's language: by itself antd says it in English. A select names the
 * button, a text field has but the icon to name it by.
 */
export function useClearing() {
  const { t } = useTranslation();
  const label = t('common:form.take_out');
  return {
    label,
    clearIcon: (
      <span role="img" aria-label={label}>
        <CloseIcon />
      </span>
    ),
  };
}
