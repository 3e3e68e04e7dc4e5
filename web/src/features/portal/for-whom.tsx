import { useQuery } from '@tanstack/react-query';
import { Radio, Select } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSettled } from '../../shared/lib/use-settled';
import { ErrorView } from '../../shared/ui/error-view';
import look from './for-whom.module.css';
import css from './portal.module.css';
import { colleaguesQuery } from './queries';

interface Props {
  /** The colleague; undefined is oneself, empty one who is not chosen yet. */
  value: string | undefined;
  /** What the colleague is called, who may stand beyond the list. */
  label: string | undefined;
  error: string | undefined;
  onChange: (key: string | undefined, label?: string) => void;
}

/** For whom it is: oneself, or a colleague where one may report for any. */
export function ForWhom({ value, label, error, onChange }: Props) {
  const { t } = useTranslation('portal');
  const id = useId();
  const [asked, setAsked] = useState('');
  const q = useSettled(asked);
  const { data: any } = useQuery(colleaguesQuery(''));
  const found = useQuery(colleaguesQuery(q));
  // Who was found for other words is not who is meant: a quick Enter must not choose them.
  const behind = asked.trim() !== q || found.isPlaceholderData;
  // Whoever is chosen already is shown in any case: nobody is reported for unseen.
  if (value === undefined && !any?.items.length) return null;
  const options = (behind ? [] : (found.data?.items ?? [])).map((it) => ({ value: it.key, label: it.label }));
  if (value && !asked && !options.some((it) => it.value === value))
    options.unshift({ value, label: label ?? value });
  return (
    <div data-error={error ? true : undefined}>
      <div className={css.label} id={`${id}-for`}>
        {t('for_whom')}
      </div>
      <Radio.Group
        className={look.radios}
        aria-labelledby={`${id}-for`}
        value={value === undefined ? 'me' : 'other'}
        onChange={(event) => onChange(event.target.value === 'me' ? undefined : '')}
        options={[
          { value: 'me', label: t('for_me') },
          { value: 'other', label: t('for_colleague') },
        ]}
      />
      {value !== undefined && (
        <Select
          id={`${id}-colleague`}
          aria-label={t('colleague')}
          aria-describedby={error ? `${id}-error` : undefined}
          style={{ width: '100%', marginTop: 8 }}
          size="large"
          status={error ? 'error' : undefined}
          showSearch={{ filterOption: false, onSearch: setAsked }}
          placeholder={t('colleague_hint')}
          value={value || undefined}
          loading={found.isFetching}
          notFoundContent={
            found.error ? (
              <ErrorView error={found.error} retry={() => void found.refetch()} />
            ) : (
              t(behind || found.isFetching ? 'common:loading' : 'colleague_none')
            )
          }
          onOpenChange={(open) => !open && setAsked('')}
          options={options}
          onChange={(key: string) => onChange(key, options.find((it) => it.value === key)?.label)}
        />
      )}
      {error && (
        <p id={`${id}-error`} className={css.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
