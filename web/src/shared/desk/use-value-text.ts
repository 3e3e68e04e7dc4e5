import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Pack } from '../../api/types';
import { dayText, exactTime, isDay, isInstant } from '../lib/time';
import { valueLabel } from './pack-form';

/** A field's value in words: the name of a choice, yes or no, a time. `said` is what the server calls it. */
export function useValueText(pack: Pack | undefined) {
  const { t, i18n } = useTranslation();
  return useCallback(
    (name: string, value: unknown, said?: string | null): string => {
      if (typeof value === 'boolean') return t(value ? 'common:yes' : 'common:no');
      if (pack?.instants.includes(name) && isInstant(value))
        return exactTime(new Date(value).toISOString(), i18n.language, 'short');
      const schema = pack?.form.properties?.[name] as { format?: string } | undefined;
      if (schema?.format === 'date' && typeof value === 'string' && isDay(value))
        return dayText(value, i18n.language);
      // Where the server has no name for a code it repeats the code; the pack may know better.
      return said && said !== value ? said : valueLabel(pack, name, value);
    },
    [pack, t, i18n.language],
  );
}
