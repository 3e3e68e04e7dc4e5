import { useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type FormEvent, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import { isStatus } from '../../api/error';
import { useErrorFocus } from '../../shared/form/focus-first';
import { type FieldError, fromPointers } from '../../shared/form/schema';
import { sessionsQuery } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import { toast } from '../../shared/ui/toast';
import css from './session.module.css';

const names = ['old', 'new', 'again'] as const;
type Name = (typeof names)[number];
const nothing: Record<Name, string> = { old: '', new: '', again: '' };
const shortest = 8;

/** What is wrong before the server is asked. */
export function checkPassword(values: Record<Name, string>): FieldError[] {
  const empty = names.filter((name) => !values[name]).map((name) => ({ name, key: 'needed' }));
  if (empty.length > 0) return empty;
  if ([...values.new].length < shortest) return [{ name: 'new', key: 'length' }];
  return values.new === values.again ? [] : [{ name: 'again', key: 'differs' }];
}

/** The server's codes of a refusal, as keys of the texts. */
const asKeys = (errors: { pointer: string; code: string; message: string }[]) =>
  fromPointers(errors).map((it, index) => ({ ...it, key: errors[index]?.code ?? it.key }));

export function PasswordForm() {
  const { t } = useTranslation('session');
  const client = useQueryClient();
  const problem = useProblem();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState(nothing);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  useErrorFocus(form, errors);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const wrong = checkPassword(values);
    setErrors(wrong);
    if (wrong.length > 0) return;
    setBusy(true);
    try {
      await call(api.POST('/api/v1/me/password', { body: { old: values.old, new: values.new } }));
      setValues(nothing);
      toast.success(t('password_changed'));
      await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    } catch (error) {
      if (isStatus(error, 422)) setErrors(asKeys(error.problem.errors ?? []));
      else problem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      ref={form}
      className={`card ${css.change}`}
      onSubmit={send}
      noValidate
      aria-labelledby={`${id}-title`}
    >
      <h2 id={`${id}-title`}>{t('change_password')}</h2>
      <p className="dim small">{t('change_password_text')}</p>
      {names.map((name) => {
        const error = errors.find((it) => it.name === name);
        return (
          <div key={name} data-error={error ? true : undefined}>
            <label htmlFor={`${id}-${name}`}>{t(`password_${name}`)}</label>
            <Input.Password
              id={`${id}-${name}`}
              visibilityToggle={false}
              value={values[name]}
              autoComplete={name === 'old' ? 'current-password' : 'new-password'}
              status={error && 'error'}
              aria-invalid={error ? true : undefined}
              aria-describedby={error && `${id}-${name}-error`}
              onChange={(event) => setValues({ ...values, [name]: event.target.value })}
            />
            {error && (
              <p id={`${id}-${name}-error`} className={css.fieldError}>
                {t(`password_is_${error.key}`, { defaultValue: error.said ?? '' })}
              </p>
            )}
          </div>
        );
      })}
      <Button type="primary" htmlType="submit" loading={busy}>
        {t('change_password')}
      </Button>
    </form>
  );
}
