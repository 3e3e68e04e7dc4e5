import { Input } from 'antd';
import { useId } from 'react';
import form from '../../shared/form/form.module.css';
import type { FieldError } from '../../shared/form/schema';
import { useErrorText } from '../../shared/form/schema-form';

interface Props {
  label: string;
  help?: string;
  value: string;
  type?: string;
  autoComplete?: string;
  error?: FieldError;
  onChange: (value: string) => void;
}

/** A field of one line with its complaint beside it. */
export function TextField({ label, help, value, type, autoComplete, error, onChange }: Props) {
  const id = useId();
  const errorText = useErrorText();
  return (
    <div className={form.field} data-error={error ? true : undefined}>
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        type={type}
        autoComplete={autoComplete ?? 'off'}
        status={error && 'error'}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : help ? `${id}-help` : undefined}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {help && (
        <p id={`${id}-help`} className={form.help}>
          {help}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className={form.error}>
          {errorText(error, label)}
        </p>
      )}
    </div>
  );
}
