import { Input, InputNumber, Rate, Select, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Ref } from '../../api/types';
import { isInstant } from '../lib/time';
import { useClearing } from '../ui/clearing';
import { FixedValue } from './fixed-value';
import css from './form.module.css';
import { QuickTimes } from './quick-times';
import { RefSelect } from './ref-select';
import { RefsSelect } from './refs-select';
import { blank, directoryOf, type Field } from './schema';

interface Props {
  id: string;
  field: Field;
  value: unknown;
  known?: Ref | null;
  /** The references behind a value that is a list. */
  behind?: Ref[];
  invalid: boolean;
  describedBy?: string;
  disabled?: boolean;
  onChange: (value: unknown) => void;
}

const pad = (value: number) => String(value).padStart(2, '0');
/** An instant as the browser's own date and time input wants it, in local time. */
function toLocal(value: unknown): string {
  if (typeof value !== 'string' || !value) return '';
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return '';
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

interface InstantProps {
  shared: object;
  value: unknown;
  onChange: (at: string | undefined) => void;
}

/** A moment; what is stored and is none is shown as it is, to be replaced or taken out. */
function InstantInput({ shared, value, onChange }: InstantProps) {
  const { t } = useTranslation();
  const wrong = !blank(value) && !isInstant(value);
  return (
    <>
      <Input
        status={wrong ? 'error' : undefined}
        {...shared}
        type="datetime-local"
        value={isInstant(value) ? toLocal(new Date(value).toISOString()) : ''}
        onChange={(event) => onChange(event.target.value || undefined)}
      />
      {wrong && (
        <p className={css.error}>
          {t('common:form.no_date', { value: String(value) })}{' '}
          <button type="button" className="plain" onClick={() => onChange(undefined)}>
            {t('common:form.take_out')}
          </button>
        </p>
      )}
    </>
  );
}

/** The input that fits a field of a schema. */
export function FieldInput(props: Props) {
  const { t } = useTranslation();
  const clearing = useClearing();
  const { field, value, onChange } = props;
  if (field.readOnly) return <FixedValue {...props} />;
  const shared = {
    id: props.id,
    disabled: props.disabled,
    status: props.invalid ? ('error' as const) : undefined,
    'aria-invalid': props.invalid || undefined,
    'aria-describedby': props.describedBy,
    'aria-required': field.required || undefined,
  };
  const text = typeof value === 'string' ? value : value == null ? '' : String(value);
  switch (field.kind) {
    case 'textarea':
      return (
        <Input.TextArea
          {...shared}
          autoSize={{ minRows: 2, maxRows: 12 }}
          maxLength={field.schema.maxLength}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case 'number':
    case 'integer':
      return (
        <InputNumber
          controls={false}
          {...shared}
          style={{ width: '100%' }}
          precision={field.kind === 'integer' ? 0 : undefined}
          value={typeof value === 'number' ? value : null}
          onChange={(next) => onChange(next ?? undefined)}
        />
      );
    case 'boolean':
      return (
        <span className={css.switch}>
          <Switch id={props.id} disabled={shared.disabled} checked={value === true} onChange={onChange} />
          <span aria-hidden="true">{t(value === true ? 'common:yes' : 'common:no')}</span>
        </span>
      );
    case 'choice':
    case 'choices':
      return (
        <Select
          {...shared}
          style={{ width: '100%' }}
          mode={field.kind === 'choices' ? 'multiple' : undefined}
          allowClear={!field.required && clearing}
          showSearch={field.options.length > 8 ? { optionFilterProp: 'label' } : false}
          placeholder={t('common:form.choose')}
          value={value === undefined || value === null ? undefined : (value as string)}
          options={field.options as { value: string; label: string }[]}
          onChange={(next) => onChange(next ?? undefined)}
        />
      );
    case 'rating':
      return (
        <div>
          <Rate
            count={field.schema.maximum ?? 5}
            disabled={shared.disabled}
            value={typeof value === 'number' ? value : 0}
            onChange={(next) => onChange(next || undefined)}
          />
        </div>
      );
    case 'date':
      return (
        <Input
          {...shared}
          type="date"
          value={text.slice(0, 10)}
          onChange={(event) => onChange(event.target.value || undefined)}
        />
      );
    case 'instant':
      return (
        <InstantInput
          shared={shared}
          value={value}
          onChange={(at) => onChange(at && new Date(at).getTime())}
        />
      );
    case 'datetime':
      return (
        <>
          <Input
            {...shared}
            type="datetime-local"
            value={toLocal(value)}
            onChange={(event) =>
              onChange(event.target.value ? new Date(event.target.value).toISOString() : undefined)
            }
          />
          {field.schema['x-ahead'] === true && <QuickTimes onPick={onChange} />}
        </>
      );
    case 'secret':
      return (
        <Input
          {...shared}
          type="password"
          autoComplete="new-password"
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case 'refs':
      return (
        <RefsSelect
          id={props.id}
          kind={directoryOf(field.schema.items ?? {}) ?? 'users'}
          known={props.behind}
          disabled={shared.disabled}
          invalid={props.invalid}
          describedBy={props.describedBy}
          value={Array.isArray(value) ? (value as string[]) : []}
          onChange={onChange}
        />
      );
    case 'text':
      return (
        <Input
          {...shared}
          maxLength={field.schema.maxLength}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    default:
      return (
        <RefSelect
          id={props.id}
          kind={field.kind}
          known={props.known}
          disabled={shared.disabled}
          invalid={props.invalid}
          describedBy={props.describedBy}
          placeholder={
            field.schema['x-by-rule'] === true
              ? t('common:form.by_rule')
              : field.kind === 'users'
                ? t('common:form.search_person')
                : undefined
          }
          value={text || undefined}
          onChange={onChange}
        />
      );
  }
}
