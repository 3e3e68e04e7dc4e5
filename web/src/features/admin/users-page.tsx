import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '../../api/types';
import { usersQuery } from '../../shared/lib/queries';
import { ListCard } from '../../shared/table/list-card';
import table from '../../shared/table/table.module.css';
import { useClearing } from '../../shared/ui/clearing';
import { PlusIcon, SearchIcon } from '../../shared/ui/icons';
import { Avatar } from '../../shared/ui/marks';
import { Empty, PageHead, useTitle } from '../../shared/ui/page';
import css from './admin.module.css';
import { UserEditor } from './user-editor';

const route = getRouteApi('/signed-in/w/admin/users');

export function UsersPage() {
  const { t } = useTranslation('admin');
  const clearing = useClearing();
  const { q, open } = route.useSearch();
  const navigate = route.useNavigate();
  const [text, setText] = useState(q ?? '');
  const list = useInfiniteQuery(usersQuery(q ?? ''));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  useTitle(t('users'));
  useEffect(() => {
    if (text.trim() === (q ?? '')) return;
    const timer = setTimeout(
      () => void navigate({ search: { q: text.trim() || undefined, open }, replace: true }),
      300,
    );
    return () => clearTimeout(timer);
  }, [text, q, open, navigate]);
  const show = (user: string | undefined) => void navigate({ search: { q, open: user }, replace: true });
  return (
    <>
      <PageHead
        title={t('users')}
        answer={t('users_answer')}
        tools={
          <>
            <Input
              style={{ width: 240 }}
              allowClear={clearing}
              prefix={<SearchIcon className="dim" />}
              aria-label={t('q')}
              placeholder={t('q')}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
            <Button type="primary" icon={<PlusIcon />} onClick={() => show('+')}>
              {t('new')}
            </Button>
          </>
        }
      />
      <ListCard
        list={list}
        bones={12}
        empty={
          <Empty title={t('no_users')}>
            <Button onClick={() => setText('')}>{t('clear')}</Button>
          </Empty>
        }
      >
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{t('name')}</th>
              <th scope="col" className={table.wide}>
                {t('username')}
              </th>
              <th scope="col" className={table.wide}>
                {t('number')}
              </th>
              <th scope="col" className={table.wide}>
                {t('department')}
              </th>
              <th scope="col" className={table.wide}>
                {t('site')}
              </th>
              <th scope="col">{t('roles')}</th>
              <th scope="col" className={table.wide}>
                {t('teams')}
              </th>
              <th scope="col" className={table.wide}>
                {t('employer')}
              </th>
              <th scope="col">{t('account')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((it) => (
              <tr key={it.id} className={it.active === false ? css.inactive : undefined}>
                <td>
                  <button type="button" className={`${css.name} ${css.link}`} onClick={() => show(it.key)}>
                    <Avatar name={it.label} />
                    {it.label}
                  </button>
                </td>
                <td className={`mono ${table.wide}`}>{it.key}</td>
                <td className={`mono ${table.wide}`}>{it.number}</td>
                <td className={table.wide}>{it.department?.label}</td>
                <td className={table.wide}>{it.site?.label}</td>
                <td>{it.role_labels.join(t('common:comma'))}</td>
                <td className={table.wide}>{it.teams?.map((team) => team.label).join(t('common:comma'))}</td>
                <td className={table.wide}>{it.employer}</td>
                <td className={css.account}>
                  <AccountState user={it} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ListCard>
      {open !== undefined && <UserEditor key={open} user={open} onClose={() => show(undefined)} />}
    </>
  );
}

/** Whether somebody can sign in, and until when. */
function AccountState({ user }: { user: User }) {
  const { t, i18n } = useTranslation('admin');
  const until = user.expires_at ? new Date(user.expires_at) : undefined;
  const expired = until !== undefined && until.getTime() <= Date.now();
  const state = expired ? 'expired' : user.active ? 'active' : 'inactive';
  const day = new Intl.DateTimeFormat(i18n.language === 'en' ? 'en-GB' : 'zh-CN');
  return (
    <span className={state === 'active' ? undefined : css.ended}>
      {t(`account_${state}`)}
      {until && !expired && (
        <span className="dim">
          {' '}
          {t('expires')} {day.format(until)}
        </span>
      )}
    </span>
  );
}
