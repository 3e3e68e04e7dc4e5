import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { AccessItem, Page } from '../../api/types';
import { RefSelect } from '../../shared/form/ref-select';
import { may } from '../../shared/lib/admin-pages';
import { deviceOf } from '../../shared/lib/device';
import { meQuery, sessionsQuery } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import { ListCard } from '../../shared/table/list-card';
import table from '../../shared/table/table.module.css';
import { Confirm } from '../../shared/ui/confirm';
import { LockIcon } from '../../shared/ui/icons';
import { Empty, PageHead, useTitle } from '../../shared/ui/page';
import { TimeAgo } from '../../shared/ui/time-ago';
import { toast } from '../../shared/ui/toast';
import css from './admin.module.css';

type What = 'sessions' | 'tokens';

/** Who is signed in and which programs hold tokens; each can be ended, and all of one person at once. */
export function AccessPage() {
  const { t } = useTranslation('admin');
  const [what, setWhat] = useState<What>('sessions');
  const [user, setUser] = useState<string>();
  useTitle(t('access_page'));
  const list = useInfiniteQuery({
    queryKey: ['access', what, user],
    queryFn: ({ pageParam }) =>
      call<Page<AccessItem>>(
        api.GET(`/api/v1/access/${what}`, { params: { query: { user, limit: 50, cursor: pageParam } } }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHead
        title={t('access_page')}
        answer={t('access_page_answer')}
        tools={
          <>
            <span style={{ width: 200 }}>
              <RefSelect
                kind="users"
                label={t('access_person')}
                placeholder={t('access_person')}
                value={user}
                onChange={setUser}
              />
            </span>
            <Segmented<What>
              aria-label={t('access_page')}
              value={what}
              options={[
                { value: 'sessions', label: t('sessions') },
                { value: 'tokens', label: t('tokens') },
              ]}
              onChange={setWhat}
            />
          </>
        }
      />
      <ListCard
        list={list}
        empty={
          <Empty icon={<LockIcon />} title={t(`access_none_${what}`)} text={t(`access_none_${what}_text`)} />
        }
      >
        <Rows items={items} what={what} />
      </ListCard>
    </>
  );
}

function Rows({ items, what }: { items: AccessItem[]; what: What }) {
  const { t } = useTranslation('admin');
  const { data: me } = useQuery(meQuery);
  const mayEnd = me !== undefined && may(me, 'user.write');
  const { data: mine } = useQuery({ ...sessionsQuery, enabled: what === 'sessions' });
  const current = mine?.items.find((it) => it.current)?.id;
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{t('name')}</th>
          <th scope="col">{t('access_from')}</th>
          <th scope="col" className={table.wide}>
            {t('access_created')}
          </th>
          <th scope="col" className={css.roomy}>
            {t('access_used')}
          </th>
          <th scope="col" className={table.wide}>
            {t('access_expires')}
          </th>
          {mayEnd && (
            <th scope="col">
              <span className="visually-hidden">{t('end')}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {items.map((it) => (
          <tr key={it.id}>
            <td>
              <span className={css.who}>{it.user.label}</span>
              {it.id === current && <span className={`dim small ${css.who}`}> {t('access_current')}</span>}
            </td>
            <td className={css.cell} title={it.user_agent ?? undefined}>
              <span className={it.name ? undefined : `mono ${css.who}`}>{it.name ?? it.address}</span>{' '}
              <span className={`dim ${css.device}`}>{deviceOf(it.user_agent) ?? it.scopes.join(' ')}</span>
              {it.last_used_at && (
                <div className={`dim small ${css.cramped}`}>
                  <TimeAgo at={it.last_used_at} />
                </div>
              )}
            </td>
            <td className={table.wide}>
              <TimeAgo at={it.created_at} />
            </td>
            <td className={`${css.who} ${css.roomy}`}>
              {it.last_used_at ? <TimeAgo at={it.last_used_at} /> : <span className="dim">—</span>}
            </td>
            <td className={table.wide}>
              {it.expires_at ? <TimeAgo at={it.expires_at} /> : <span className="dim">—</span>}
            </td>
            {mayEnd && (
              <td className={table.end}>
                <End item={it} what={what} current={it.id === current} />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function End({ item, what, current }: { item: AccessItem; what: What; current: boolean }) {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const problem = useProblem();
  const done = {
    onSuccess: () => {
      toast.success(t('access_ended'));
      return client.invalidateQueries({ queryKey: ['access'] });
    },
    onError: problem,
  };
  const one = useMutation({
    mutationFn: () =>
      call(
        api.DELETE(`/api/v1/users/{id}/${what}/{of}`, {
          params: { path: { id: item.user.id, of: item.id } },
        }),
      ),
    ...done,
  });
  const all = useMutation({
    mutationFn: () =>
      call(api.POST('/api/v1/users/{id}/sign-out', { params: { path: { id: item.user.id } } })),
    ...done,
  });
  const button = (
    <Button
      size="small"
      loading={one.isPending}
      aria-label={t('access_end_of', { name: item.user.label })}
      onClick={current ? undefined : () => one.mutate()}
    >
      {t('end')}
    </Button>
  );
  return (
    <span className={css.decide}>
      {current ? (
        <Confirm title={t('access_end_current')} ok={t('end')} danger onConfirm={() => one.mutate()}>
          {button}
        </Confirm>
      ) : (
        button
      )}
      <Confirm
        title={t('access_end_all_text', { name: item.user.label })}
        ok={t('access_end_all')}
        danger
        onConfirm={() => all.mutate()}
      >
        <Button
          size="small"
          type="text"
          loading={all.isPending}
          aria-label={t('access_end_all_of', { name: item.user.label })}
        >
          {t('access_end_all')}
        </Button>
      </Confirm>
    </span>
  );
}
