import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import { deviceOf } from '../../shared/lib/device';
import { sessionsQuery } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import table from '../../shared/table/table.module.css';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones, PageHead, useTitle } from '../../shared/ui/page';
import { TimeAgo } from '../../shared/ui/time-ago';
import { toast } from '../../shared/ui/toast';
import { PasswordForm } from './password-form';

export function SessionsPage() {
  const { t } = useTranslation('session');
  const client = useQueryClient();
  const problem = useProblem();
  const { data, error, refetch } = useQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: (id: string) => call(api.DELETE('/api/v1/sessions/{id}', { params: { path: { id } } })),
    onSuccess: () => {
      toast.success(t('ended'));
      return client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
    onError: problem,
  });
  useTitle(t('sessions'));
  return (
    <>
      <PageHead title={t('sessions')} answer={t('sessions_answer')} />
      <div className={`card ${table.wrap}`}>
        {error && <ErrorView error={error} retry={() => void refetch()} />}
        {!data && !error && <Bones rows={3} />}
        {data && (
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col">{t('device')}</th>
                <th scope="col" className={table.wide}>
                  {t('address')}
                </th>
                <th scope="col" className={table.wide}>
                  {t('started')}
                </th>
                <th scope="col">{t('seen')}</th>
                <th scope="col">
                  <span className="visually-hidden">{t('end')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.items.map((it) => (
                <tr key={it.id}>
                  <td title={it.user_agent ?? undefined}>{deviceOf(it.user_agent) ?? t('unknown_device')}</td>
                  <td className={`mono ${table.wide}`}>{it.address}</td>
                  <td className={table.wide}>
                    <TimeAgo at={it.created_at} />
                  </td>
                  <td>
                    <TimeAgo at={it.last_seen_at} />
                  </td>
                  <td className={table.end}>
                    {it.current ? (
                      <span className="dim">{t('current')}</span>
                    ) : (
                      <Button
                        size="small"
                        loading={end.isPending && end.variables === it.id}
                        onClick={() => end.mutate(it.id)}
                      >
                        {t('end')}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      <PasswordForm />
    </>
  );
}
