import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { User, UserRights } from '../../api/types';
import { may } from '../../shared/lib/admin-pages';
import { meQuery } from '../../shared/lib/queries';
import table from '../../shared/table/table.module.css';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones } from '../../shared/ui/page';
import css from './admin.module.css';

/** What a person may do, and through which role. */
export function UserRightsFold({ user }: { user: User }) {
  const { t } = useTranslation('admin');
  const [open, setOpen] = useState(false);
  const { data: me } = useQuery(meQuery);
  if (!me || !may(me, 'access.read')) return null;
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('rights')}</summary>
      {open && <Rights user={user} />}
    </details>
  );
}

function Rights({ user }: { user: User }) {
  const { t } = useTranslation('admin');
  const { data, error, refetch } = useQuery({
    queryKey: ['users', 'one', user.key, 'rights', user.version],
    queryFn: () =>
      call<UserRights>(api.GET('/api/v1/users/{id}/rights', { params: { path: { id: user.id } } })),
    retry: false,
  });
  if (error) return <ErrorView error={error} retry={() => void refetch()} />;
  if (!data) return <Bones rows={4} />;
  const names = (list: { label: string }[]) => list.map((it) => it.label).join(t('common:comma'));
  return (
    <>
      {data.everything && <p>{t('rights_everything')}</p>}
      {data.grants.length === 0 && <p className="dim small">{t('rights_none')}</p>}
      <dl className={css.grants}>
        {data.grants.map((it) => (
          <div key={it.key}>
            <dt>
              {it.label} <span className="dim small">{t('rights_from', { roles: names(it.roles) })}</span>
            </dt>
            <dd className="dim">{it.help}</dd>
          </div>
        ))}
      </dl>
      {data.records
        .filter((it) => it.rights.length > 0)
        .map((it) => (
          <section key={it.type} aria-label={it.label} className={table.wrap}>
            <h3>{it.label}</h3>
            <table className={table.table}>
              <thead>
                <tr>
                  <th scope="col">{t('rights_action')}</th>
                  <th scope="col">{t('rights_role')}</th>
                  <th scope="col">{t('rights_on')}</th>
                </tr>
              </thead>
              <tbody>
                {it.rights.map((right, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: rows of one answer
                  <tr key={index}>
                    <td>{right.label}</td>
                    <td>{right.role.label}</td>
                    <td className={css.cell} title={right.condition}>
                      {right.condition}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        ))}
      {data.stands_in_for.length > 0 && (
        <p className="small">{t('rights_stands_in', { names: names(data.stands_in_for) })}</p>
      )}
    </>
  );
}
