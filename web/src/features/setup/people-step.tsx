import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import { directoryQuery } from '../../shared/lib/queries';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones } from '../../shared/ui/page';
import { errorOf } from './quick';
import css from './setup.module.css';
import { TextField } from './text-field';
import { useSend } from './use-send';

/** Whom most desks begin with; the rest are roles under administration. */
const roles = ['desk', 'agent', 'manager', 'requester'] as const;

/** The first people by hand; all others come from a file. */
export function PeopleStep({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('setup');
  const id = useId();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(directoryQuery('users', '', 50));
  const { busy, errors, send, form } = useSend(['name', 'username', 'email', 'password']);
  const empty = { name: '', username: '', email: '', password: '' };
  const [values, setValues] = useState(empty);
  const [role, setRole] = useState<string>('agent');
  const field = (
    name: keyof typeof empty,
    more: { help?: string; type?: string; autoComplete?: string } = {},
  ) => (
    <TextField
      {...more}
      label={t(name)}
      value={values[name]}
      error={errorOf(errors, name)}
      onChange={(value) => setValues({ ...values, [name]: value })}
    />
  );
  const add = async () => {
    const { password, ...rest } = values;
    const body = {
      ...Object.fromEntries(Object.entries(rest).filter(([, it]) => it.trim())),
      roles: role === 'requester' ? [role] : [role, 'requester'],
      ...(password ? { password } : {}),
    };
    const saved = await send(async () => {
      await call(api.POST('/api/v1/users', { body: body as never }));
      await client.invalidateQueries({ queryKey: ['directory', 'users'] });
    });
    if (saved) setValues(empty);
  };
  if (!data) return error ? <ErrorView error={error} retry={() => void refetch()} /> : <Bones rows={4} />;
  return (
    <>
      <ul className={css.list} aria-label={t('step_people')}>
        {data.items.map((it) => (
          <li key={it.id}>
            {it.label} <span className="mono dim small">{it.key}</span>
          </li>
        ))}
      </ul>
      <form
        ref={form}
        className={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <div className={css.fields}>
          {field('name')}
          {field('username', { help: t('username_help') })}
          {field('email', { type: 'email' })}
          {field('password', {
            type: 'password',
            autoComplete: 'new-password',
            help: t('first_password_help'),
          })}
          <div className={css.choice}>
            <label htmlFor={id}>{t('role')}</label>
            <Select
              id={id}
              value={role}
              options={roles.map((it) => ({ value: it, label: t(`role_${it}`) }))}
              onChange={setRole}
            />
          </div>
        </div>
        <Button htmlType="submit" loading={busy} disabled={!values.username.trim()}>
          {t('add')}
        </Button>
      </form>
      <p>
        <Link to="/w/admin/import" search={{ kind: 'users' }}>
          {t('import_people')}
        </Link>
      </p>
      <Button type="primary" onClick={onDone}>
        {t('next')}
      </Button>
    </>
  );
}
