import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ref, User } from '../../api/types';
import { type Directory, directoryQuery } from '../lib/queries';

interface Props {
  kind: Directory;
  label?: string;
  id?: string;
  value: string | undefined;
  /** The reference behind the value, when the page knows it already. */
  known?: Ref | null;
  first?: { value: string; label: string }[];
  placeholder?: string;
  disabled?: boolean;
  invalid?: boolean;
  describedBy?: string;
  onChange: (key: string | undefined) => void;
}

const detail = (it: Ref & Partial<User>) =>
  [it.department?.label, it.site?.label].filter(Boolean).join(' · ');

/** Chooses a person, team, site or service by searching the server; the value is its natural key. */
export function RefSelect(props: Props) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState('');
  const [q, setQ] = useState('');
  const [wanted, setWanted] = useState(Boolean(props.value && !props.known));
  useEffect(() => {
    const timer = setTimeout(() => setQ(asked.trim()), 200);
    return () => clearTimeout(timer);
  }, [asked]);
  const { data, isFetching } = useQuery({ ...directoryQuery(props.kind, q), enabled: wanted });
  const items = data?.items ?? [];
  const options = items.map((it) => ({ value: it.key, label: it.label, detail: detail(it) }));
  if (props.known && !options.some((it) => it.value === props.known?.key)) {
    options.unshift({ value: props.known.key, label: props.known.label, detail: '' });
  }
  const first = asked ? [] : (props.first ?? []);
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
      disabled={props.disabled}
      loading={isFetching && wanted}
      placeholder={props.placeholder ?? t('common:form.choose')}
      value={props.value}
      popupMatchSelectWidth={260}
      notFoundContent={isFetching ? t('common:loading') : t('common:form.no_match')}
      onOpenChange={(open) => {
        if (open) setWanted(true);
        else setAsked('');
      }}
      onChange={(value: string | undefined) => props.onChange(value ?? undefined)}
      options={[...first.map((it) => ({ ...it, detail: '' })), ...options]}
      optionRender={(option) => (
        <span>
          {option.data.label}
          {option.data.detail && <span className="dim small"> {option.data.detail}</span>}
        </span>
      )}
    />
  );
}
