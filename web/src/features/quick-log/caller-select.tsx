import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ref, User } from '../../api/types';
import { directoryQuery, recordsQuery, userQuery } from '../../shared/lib/queries';
import { useSettled } from '../../shared/lib/use-settled';
import { ErrorView } from '../../shared/ui/error-view';

interface Props {
  id: string;
  type: string;
  value: string | undefined;
  invalid: boolean;
  describedBy?: string;
  disabled?: boolean;
  onChange: (key: string | undefined) => void;
}

/** The shortest text that is looked for in what was reported before. */
const shortest = 3;

/** Where somebody is found, in the words they are asked for on the phone. */
export const about = (it: Ref & Partial<User>) =>
  [it.department?.label, it.site?.label, it.phone, it.number].filter(Boolean).join(' · ');

/**
 * Who calls: by name, pinyin, phone or staff number; when nobody is found so, by what they have reported before, such as the label
 * on a device.
 */
export function CallerSelect({ id, type, value, invalid, describedBy, disabled, onChange }: Props) {
  const { t } = useTranslation('quick-log');
  const [asked, setAsked] = useState('');
  const q = useSettled(asked);
  const people = useQuery(directoryQuery('users', q, 20));
  const found = people.data?.items ?? [];
  const nobody = people.isSuccess && !people.isFetching && found.length === 0 && q.length >= shortest;
  const filter = { q, sort: '-opened_at' };
  const before = useInfiniteQuery({ ...recordsQuery(type, filter, 20), enabled: nobody && type !== '' });
  const [picked, setPicked] = useState<{ value: string; label: string }>();
  const { data: here } = useQuery(userQuery(value ?? ''));
  const failed = people.error ? people : before.error && nobody ? before : undefined;
  const seen = new Set<string>();
  const records = nobody ? (before.data?.pages[0]?.items ?? []) : [];
  const options = [
    ...found.map((it) => ({ value: it.key, label: it.label, detail: about(it) })),
    ...records
      .filter((it) => !seen.has(it.requester.key) && seen.add(it.requester.key))
      .map((it) => ({
        value: it.requester.key,
        label: it.requester.label,
        detail: t('found_in', { number: it.number, title: it.title }),
      })),
  ];
  const waits = asked.trim() !== q || people.isFetching || (nobody && before.isFetching);
  // Who was found for other words is not who is meant: a quick Enter must not choose them.
  if (asked && waits) options.length = 0;
  if (value && !asked && !options.some((it) => it.value === value))
    options.unshift({ value, label: here?.label ?? picked?.label ?? value, detail: here ? about(here) : '' });
  return (
    <Select
      id={id}
      style={{ width: '100%' }}
      aria-describedby={describedBy}
      aria-invalid={invalid || undefined}
      status={invalid ? 'error' : undefined}
      showSearch={{ filterOption: false, onSearch: setAsked }}
      allowClear
      loading={waits}
      placeholder={t('caller_hint')}
      value={value}
      disabled={disabled}
      notFoundContent={
        failed && !failed.isFetching ? (
          <ErrorView error={failed.error} retry={() => void failed.refetch()} />
        ) : waits ? (
          t('common:loading')
        ) : (
          t('caller_none')
        )
      }
      onOpenChange={(open) => !open && setAsked('')}
      onChange={(key: string | undefined) => {
        setPicked(options.find((it) => it.value === key));
        onChange(key ?? undefined);
      }}
      options={options}
      optionRender={(option) => (
        <span>
          {option.data.label}
          {option.data.detail && <span className="dim small"> {option.data.detail}</span>}
        </span>
      )}
    />
  );
}
