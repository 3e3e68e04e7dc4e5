import { useInfiniteQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recordsQuery } from '../lib/queries';
import { useSettled } from '../lib/use-settled';

interface Props {
  type: string;
  id?: string;
  label?: string;
  /** Numbers that are no choice. */
  without?: string[];
  value: string | undefined;
  invalid?: boolean;
  describedBy?: string;
  onChange: (number: string | undefined) => void;
}

/** Chooses an open record by its number or a part of its title; the value is the number. */
export function RecordSelect(props: Props) {
  const { t } = useTranslation('desk');
  const [asked, setAsked] = useState('');
  const q = useSettled(asked, 250);
  const [wanted, setWanted] = useState(false);
  const filter = { state: 'open', q: q || undefined };
  const { data, isFetching, isError, isPlaceholderData } = useInfiniteQuery({
    ...recordsQuery(props.type, filter, 20),
    enabled: wanted,
  });
  // What was found for other words is not what is meant: a quick Enter must not choose it.
  const behind = asked.trim() !== q || isPlaceholderData;
  const found = behind ? [] : (data?.pages[0]?.items ?? []);
  const items = found.filter((it) => !props.without?.includes(it.number));
  return (
    <Select
      id={props.id}
      style={{ width: '100%' }}
      aria-label={props.id ? undefined : props.label}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid || undefined}
      status={props.invalid ? 'error' : undefined}
      showSearch={{ filterOption: false, onSearch: setAsked }}
      allowClear
      loading={isFetching && wanted}
      placeholder={t('pick_record')}
      value={props.value}
      notFoundContent={t(
        behind || isFetching
          ? 'common:loading'
          : isError
            ? 'common:form.search_failed'
            : 'common:form.no_match',
      )}
      onOpenChange={(open) => open && setWanted(true)}
      onChange={(value: string | undefined) => props.onChange(value ?? undefined)}
      options={items.map((it) => ({ value: it.number, label: `${it.number} ${it.title}` }))}
    />
  );
}
