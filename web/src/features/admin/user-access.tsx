import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Session, Token, User } from '../../api/types';
import { deviceOf } from '../../shared/lib/device';
import { useProblem } from '../../shared/lib/use-problem';
import { TimeAgo } from '../../shared/ui/time-ago';
import css from './admin.module.css';

/** How a person is signed in now, and with which tokens programs act for them: each can be ended. */
export function UserAccess({ user }: { user: User }) {
  const { t } = useTranslation('admin');
  const [open, setOpen] = useState(false);
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('access')}</summary>
      {open && (
        <>
          <Held user={user} what="sessions" />
          <Held user={user} what="tokens" />
        </>
      )}
    </details>
  );
}

function Held({ user, what }: { user: User; what: 'sessions' | 'tokens' }) {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const problem = useProblem();
  const queryKey = ['users', 'one', user.key, what];
  const { data, error } = useQuery({
    queryKey,
    queryFn: () =>
      call<{ items: (Partial<Session> & Partial<Token> & { id: string })[] }>(
        api.GET(`/api/v1/users/{id}/${what}`, { params: { path: { id: user.id } } }),
      ),
    retry: false,
  });
  const end = useMutation({
    mutationFn: (of: string) =>
      call(api.DELETE(`/api/v1/users/{id}/${what}/{of}`, { params: { path: { id: user.id, of } } })),
    onSuccess: () => client.invalidateQueries({ queryKey }),
    onError: problem,
  });
  const items = data?.items.filter((it) => !it.revoked_at) ?? [];
  return (
    <section aria-label={t(what)}>
      <h3>{t(what)}</h3>
      {error && <p className="dim small">{t('access_refused')}</p>}
      {data && items.length === 0 && <p className="dim small">{t(`no_${what}`)}</p>}
      <ul className={css.held}>
        {items.map((it) => (
          <li key={it.id}>
            <span className="ellipsis" title={it.user_agent ?? undefined}>
              {it.name ?? [deviceOf(it.user_agent), it.address].filter(Boolean).join(' · ')}
            </span>
            <span className="dim small">
              <TimeAgo at={it.last_seen_at ?? it.last_used_at ?? it.created_at} />
            </span>
            <Button
              size="small"
              loading={end.isPending && end.variables === it.id}
              onClick={() => end.mutate(it.id)}
            >
              {t('end')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
