import { useTranslation } from 'react-i18next';
import { CloseIcon } from './icons';

/** The cross that empties a select, by its name in the reader's language: by itself antd says it in English. */
export function useClearing() {
  const { t } = useTranslation();
  return { label: t('common:form.take_out'), clearIcon: <CloseIcon /> };
}
