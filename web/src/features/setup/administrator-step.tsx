import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import { meQuery, userQuery } from '../../shared/lib/queries';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones } from '../../shared/ui/page';
import { errorOf } from './quick';
import css from './setup.module.css';
import { TextField } from './text-field';
import { useSend } from './use-send';

const shortest = 8;

/** One's own name, address and password: the printed password is nobody's to keep. */
export function AdministratorStep({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('setup');
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const { data: user, error, refetch } = useQuery(userQuery(me?.id ?? ''));
  const { busy, errors, setErrors, send, form } = useSend(['name', 'email', 'old', 'new']);
  const [name, setName] = useState<string>();
  const [email, setEmail] = useState<string>();
  const [old, setOld] = useState('');
  const [word, setWord] = useState('');
  if (error && !user) return <ErrorView error={error} retry={() => void refetch()} />;
  if (!user) return <Bones rows={4} />;
  const save = async () => {
    if (word && [...word].length < shortest)
      return setErrors([{ name: 'new', key: 'min_length', count: shortest }]);
    if (word && !old) return setErrors([{ name: 'old', key: 'required' }]);
    const changes = {
      ...(name !== undefined && name.trim() !== user.name ? { name: name.trim() } : {}),
      ...(email !== undefined && email.trim() !== (user.email ?? '') ? { email: email.trim() || null } : {}),
    };
    const saved = await send(async () => {
      if (Object.keys(changes).length > 0) {
        const params = { path: { id: user.id }, header: { 'If-Match': `"${user.version}"` } };
        await call(api.PATCH('/api/v1/users/{id}', { params, body: changes as never }));
        await client.invalidateQueries({ queryKey: userQuery(user.id).queryKey });
        await client.invalidateQueries({ queryKey: meQuery.queryKey });
      }
      if (word) await call(api.POST('/api/v1/me/password', { body: { old, new: word } }));
    });
    if (saved) onDone();
  };
  return (
    <form
      ref={form}
      className={css.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className={css.fields}>
        <TextField
          label={t('name')}
          value={name ?? user.name}
          error={errorOf(errors, 'name')}
          onChange={setName}
        />
        <TextField
          label={t('email')}
          help={t('email_help')}
          type="email"
          value={email ?? user.email ?? ''}
          error={errorOf(errors, 'email')}
          onChange={setEmail}
        />
        <TextField
          label={t('password_old')}
          type="password"
          autoComplete="current-password"
          value={old}
          error={errorOf(errors, 'old')}
          onChange={setOld}
        />
        <TextField
          label={t('password_new')}
          help={t('password_help')}
          type="password"
          autoComplete="new-password"
          value={word}
          error={errorOf(errors, 'new')}
          onChange={setWord}
        />
      </div>
      <Button type="primary" htmlType="submit" loading={busy}>
        {t('save_next')}
      </Button>
    </form>
  );
}
