import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { wordsQuery } from '../lib/setting-queries';
import css from './settings.module.css';

/** Whole schemes of priorities to begin with. */
export function SchemePresets({ put }: { put: (value: unknown) => void }) {
  const { t } = useTranslation('settings');
  const { data } = useQuery(wordsQuery);
  return (
    <fieldset className={css.presets}>
      <legend className="visually-hidden">{t('schemes')}</legend>
      {data?.schemes.map((it) => (
        <Button key={it.key} size="small" onClick={() => put(it.value)}>
          {it.label}
        </Button>
      ))}
    </fieldset>
  );
}

/** The words of the preset that is chosen. */
export function TermPreview({ value }: { value: unknown }) {
  const { t, i18n } = useTranslation('settings');
  const { data } = useQuery(wordsQuery);
  const chosen = (value as { preset?: string } | null)?.preset;
  const preset = data?.presets.find((it) => it.key === chosen) ?? data?.presets[0];
  if (!preset) return null;
  const words = preset.terms.map((it) => (i18n.language === 'en' ? it.en : it.zh)).filter(Boolean);
  return (
    <p className="dim small" role="status">
      {t('words_are')} {words.join(t('common:comma'))}
    </p>
  );
}
