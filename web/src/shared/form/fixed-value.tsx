import { useTranslation } from 'react-i18next';
import type { Ref } from '../../api/types';
import { exactTime, isInstant } from '../lib/time';
import css from './form.module.css';
import { blank, type Field } from './schema';

interface Props {
  id: string;
  field: Field;
  value: unknown;
  known?: Ref | null;
  behind?: Ref[];
  describedBy?: string;
}

/** What stands in a field that is not written here: to be read and copied as any text, which a greyed-out box is not. */
export function FixedValue({ id, field, value, known, behind, describedBy }: Props) {
  const { t, i18n } = useTranslation();
  const one = (of: unknown): string => field.options.find((it) => it.value === of)?.label ?? String(of);
  const text = () => {
    if (blank(value)) return '—';
    if (known) return known.label;
    if (behind?.length) return behind.map((it) => it.label).join(t('common:comma'));
    if (typeof value === 'boolean') return t(value ? 'common:yes' : 'common:no');
    if (field.kind === 'secret') return '••••';
    if (field.kind === 'rating') return `${String(value)} / ${field.schema.maximum ?? 5}`;
    const at = field.kind === 'datetime' ? Date.parse(String(value)) : value;
    if ((field.kind === 'instant' || field.kind === 'datetime') && isInstant(at))
      return exactTime(new Date(at).toISOString(), i18n.language, 'short');
    return Array.isArray(value) ? value.map(one).join(t('common:comma')) : one(value);
  };
  return (
    <output id={id} className={css.fixed} aria-describedby={describedBy}>
      {text()}
    </output>
  );
}
