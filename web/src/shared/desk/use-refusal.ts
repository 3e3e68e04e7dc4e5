import { useTranslation } from 'react-i18next';
import { fromPointers } from '../form/schema';
import { useErrorText } from '../form/schema-form';

export interface Refused {
  /** The server's code of the refusal. */
  code?: string | null;
  errors?: { pointer: string; code?: string; message: string; label?: string | null }[];
}

/** Why the server refuses what has been asked for in advance, in the person's own words. */
export function useRefusal() {
  const { t } = useTranslation('desk');
  const errorText = useErrorText();
  return ({ code, errors = [] }: Refused, labelOf: (name: string) => string = (name) => name) => {
    if (code === 'checklist_open')
      return t('checks_open', { steps: errors.map((it) => it.message).join(t('common:comma')) });
    if (errors.length === 0) return t(`common:problem.${code}`, { defaultValue: t('common:problem.other') });
    const faults = fromPointers(errors).map((it, index) => {
      const label = errors[index]?.label ?? labelOf(it.name);
      return it.key === 'said' ? t('refused_field', { label }) : errorText(it, label);
    });
    return faults.join(t('common:comma'));
  };
}
