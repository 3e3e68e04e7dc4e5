import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ref, User } from '../../api/types';
import { type Directory, directoryQuery } from '../lib/queries';
import { useSettled } from '../lib/use-settled';
import { isIdentity, referenceOf } from './ref-options';

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
  const q = useSettled(asked);
  const [wanted, setWanted] = useState(Boolean(props.value && !referenceOf(props.value, [props.known])));
  const { data, isFetching, isPlaceholderData } = useQuery({
    ...directoryQuery(props.kind, q),
    enabled: wanted,
  });
  // Who was found for other words is not who is meant: a quick Enter must not choose them.
  const behind = asked.trim() !== q || isPlaceholderData;
  const items = behind ? [] : (data?.items ?? []);
  const [picked, setPicked] = useState<Ref>();
  const here = referenceOf(props.value, [props.known, picked, ...items]);
  // The value may stand beyond the first page of the list: ask for it by itself.
  const lost = Boolean(
    props.value && !here && data && !behind && !props.first?.some((it) => it.value === props.value),
  );
  const { data: more } = useQuery({ ...directoryQuery(props.kind, props.value ?? '', 5), enabled: lost });
  const shown = here ?? referenceOf(props.value, more?.items ?? []);
  const options = items.map((it) => ({ value: it.key, label: it.label, detail: detail(it) }));
  for (const it of [props.known, shown]) {
    if (it && !asked && !options.some((other) => other.value === it.key))
      options.unshift({ value: it.key, label: it.label, detail: '' });
  }
  if (props.value && !shown && isIdentity(props.value))
    options.unshift({ value: props.value, label: t('common:form.unnamed'), detail: '' });
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
      value={shown?.key ?? props.value}
      popupMatchSelectWidth={260}
      notFoundContent={behind || isFetching ? t('common:loading') : t('common:form.no_match')}
      onOpenChange={(open) => {
        if (open) setWanted(true);
        else setAsked('');
      }}
      onChange={(value: string | undefined) => {
        setPicked(referenceOf(value, [props.known, shown, ...items]));
        props.onChange(value ?? undefined);
      }}
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
