import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ref } from '../../api/types';
import { type Directory, directoryQuery } from '../lib/queries';
import { useSettled } from '../lib/use-settled';

interface Props {
  kind: Directory;
  id?: string;
  label?: string;
  placeholder?: string;
  value: string[];
  /** The references behind the values, when the page knows them already. */
  known?: Ref[];
  disabled?: boolean;
  invalid?: boolean;
  describedBy?: string;
  onChange: (keys: string[]) => void;
}

/** Chooses several people, roles or other entries by searching the server; the values are natural keys. */
export function RefsSelect(props: Props) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState('');
  const q = useSettled(asked);
  const [wanted, setWanted] = useState(false);
  const [seen, setSeen] = useState<Ref[]>(props.known ?? []);
  const unnamed = props.value.some((key) => !seen.some((it) => it.key === key));
  const { data, isFetching, isPlaceholderData } = useQuery({
    ...directoryQuery(props.kind, q),
    enabled: wanted || unnamed,
  });
  // Who was found for other words is not who is meant: a quick Enter must not choose them.
  const behind = asked.trim() !== q || isPlaceholderData;
  const found = behind ? [] : (data?.items ?? []);
  const nameOf = (key: string) => [...found, ...seen].find((it) => it.key === key)?.label;
  // A key that nothing is registered for stays what it is, and looks like one.
  const labelOf = (key: string) => nameOf(key) ?? (isFetching ? '…' : <span className="mono">{key}</span>);
  const options = found.map((it) => ({ value: it.key, label: it.label }));
  const chosen = props.value
    .filter((key) => !options.some((it) => it.value === key))
    .map((key) => ({ value: key, label: labelOf(key) }));
  return (
    <Select
      id={props.id}
      mode="multiple"
      style={{ width: '100%' }}
      aria-label={props.id ? undefined : props.label}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid || undefined}
      status={props.invalid ? 'error' : undefined}
      showSearch={{ filterOption: false, onSearch: setAsked }}
      disabled={props.disabled}
      loading={isFetching && wanted}
      placeholder={
        props.placeholder ?? t(props.kind === 'users' ? 'common:form.search_person' : 'common:form.choose')
      }
      value={props.value}
      notFoundContent={behind || isFetching ? t('common:loading') : t('common:form.no_match')}
      onOpenChange={(open) => {
        if (open) setWanted(true);
        else setAsked('');
      }}
      onChange={(keys: string[]) => {
        setSeen(keys.map((key) => ({ id: key, key, label: nameOf(key) ?? key })));
        props.onChange(keys);
      }}
      options={asked ? options : [...chosen, ...options]}
    />
  );
}
