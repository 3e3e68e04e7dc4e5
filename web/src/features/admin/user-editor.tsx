import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Ref, User } from '../../api/types';
import type { Values } from '../../shared/form/schema';
import { userQuery } from '../../shared/lib/queries';
import { ErrorView } from '../../shared/ui/error-view';
import css from './admin.module.css';
import { EntryEditor } from './entry-editor';
import { UserAccess } from './user-access';
import { UserRightsFold } from './user-rights';
import { userLayout, userSchema, userValues } from './user-schema';

/** `+` makes a new account, anything else is the username of one that is there. */
export function UserEditor({ user, onClose }: { user: string; onClose: () => void }) {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const creating = user === '+';
  const { data, error, refetch } = useQuery(userQuery(creating ? '' : user));
  const [active, setActive] = useState<boolean>();
  if (error) return <ErrorView error={error} retry={() => void refetch()} />;
  if (!creating && !data) return null;
  const open = active ?? data?.active ?? true;
  const turned = data !== undefined && open !== data.active;
  const save = async (changes: Values, version: number | undefined) => {
    if (version === undefined) await call(api.POST('/api/v1/users', { body: changes as never }));
    else {
      const body = { ...changes, ...(turned ? { active: open } : {}) };
      await call(
        api.PATCH('/api/v1/users/{id}', {
          params: { path: { id: user }, header: { 'If-Match': `"${version}"` } },
          body: body as never,
        }),
      );
    }
    await client.invalidateQueries({ queryKey: ['users'] });
    void client.invalidateQueries({ queryKey: ['directory', 'users'] });
  };
  return (
    <EntryEditor
      key={data?.version ?? 0}
      title={creating ? t('new_user') : t('edit_user', { name: data?.label ?? '', username: user })}
      schema={userSchema(t, creating)}
      layout={userLayout(t)}
      given={data ? userValues(data) : { locale: 'zh', kind: 'person', roles: ['requester'] }}
      known={data ? { ...data, roles: rolesOf(data) } : undefined}
      version={data?.version}
      dirty={turned}
      save={save}
      reread={() => void refetch()}
      onClose={onClose}
      tools={
        data && (
          <Button danger={open} onClick={() => setActive(!open)}>
            {t(open ? 'end_account' : 'reopen_account')}
          </Button>
        )
      }
    >
      {turned && (
        <p role="status" className={css.notice}>
          {open ? t('reopen_account_text') : t('end_account_text', { count: data.open_steps ?? 0 })}
        </p>
      )}
      {data && (
        <>
          <p className={`small ${css.inline}`}>
            {t('teams')}
            {t('common:colon')}
            {data.teams.length === 0 && <span className="dim">{t('no_teams')}</span>}
            {data.teams.map((team, n) => (
              <span key={team.id}>
                {n > 0 && t('common:comma')}
                <Link to="/w/admin/$kind" params={{ kind: 'teams' }} search={{ open: team.key }}>
                  {team.label}
                </Link>
              </span>
            ))}
          </p>
          <UserAccess user={data} />
          <UserRightsFold user={data} />
        </>
      )}
    </EntryEditor>
  );
}

const rolesOf = (user: User): Ref[] =>
  user.roles.map((key, n) => ({ id: key, key, label: user.role_labels[n] ?? key }));
