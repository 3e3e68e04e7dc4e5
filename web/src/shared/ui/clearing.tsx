import { useTranslation } from 'react-i18next';
import { CloseIcon } from './icons';

/** The cross that empties a field, by its name in the reader's language: by itself antd says it in English, or not at all. */
export function useClearing() {
  const { t } = useTranslation();
  const label = t('common:form.take_out');
  return {
    label,
    clearIcon: (
      <>
        <CloseIcon />
        <span className="visually-hidden">{label}</span>
      </>
    ),
  };
}
