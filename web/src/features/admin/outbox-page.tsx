import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { OutboxMessage } from '../../api/types';
import { may } from '../../shared/lib/admin-pages';
import { meQuery } from '../../shared/lib/queries';
import { type OutboxState, outboxQuery, outboxStates } from '../../shared/lib/setting-queries';
import { useProblem } from '../../shared/lib/use-problem';
import { ListCard } from '../../shared/table/list-card';
import table from '../../shared/table/table.module.css';
import { Confirm } from '../../shared/ui/confirm';
import { MailIcon } from '../../shared/ui/icons';
import { Empty, PageHead, useTitle } from '../../shared/ui/page';
import { TimeAgo } from '../../shared/ui/time-ago';
import css from './admin.module.css';

const route = getRouteApi('/signed-in/w/admin/outbox');
/** What waits for a person. */
const decidable = ['held', 'uncertain', 'failed'];

/** Everything that leaves the system: what waits, what left, and what somebody must decide. */
export function OutboxPage() {
  const { t } = useTranslation('admin');
  const { state } = route.useSearch();
  const navigate = route.useNavigate();
  const known = outboxStates.find((it) => it === state);
  const list = useInfiniteQuery(outboxQuery(known));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const { data: me } = useQuery(meQuery);
  const mayDecide = me ? may(me, 'outbox.write') : false;
  useTitle(t('outbox'));
  return (
    <>
      <PageHead
        title={t('outbox')}
        answer={t('outbox_answer')}
        tools={
          <Select
            style={{ width: 160 }}
            aria-label={t('state')}
            value={known ?? 'all'}
            options={[
              { value: 'all', label: t('common:all') },
              ...outboxStates.map((it) => ({ value: it, label: t(`message_${it}`) })),
            ]}
            onChange={(next: OutboxState | 'all') =>
              void navigate({ search: { state: next === 'all' ? undefined : next }, replace: true })
            }
          />
        }
      />
      <ListCard
        list={list}
        bones={6}
        empty={
          <Empty icon={<MailIcon />} title={t('no_messages')} text={t('no_messages_text')}>
            {known ? (
              <Button onClick={() => void navigate({ search: {}, replace: true })}>{t('clear')}</Button>
            ) : (
              me && may(me, 'setting.write') && <Link to="/w/admin/settings">{t('to_mail_server')}</Link>
            )}
          </Empty>
        }
      >
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{t('subject')}</th>
              <th scope="col" className={table.wide}>
                {t('recipient')}
              </th>
              <th scope="col">{t('state')}</th>
              <th scope="col" className={table.wide}>
                {t('written')}
              </th>
              {mayDecide && (
                <th scope="col">
                  <span className="visually-hidden">{t('decide_message')}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {items.map((it) => (
              <tr key={it.id}>
                <td className={css.cell} title={it.subject}>
                  {it.subject}
                </td>
                <td className={table.wide}>{it.recipient}</td>
                <td
                  className={decidable.includes(it.state) ? css.bad : undefined}
                  title={it.error ?? undefined}
                >
                  <span className={css.who}>{t(`message_${it.state}`)}</span>
                  {it.error && <span className="dim"> {it.error}</span>}
                </td>
                <td className={table.wide}>
                  <TimeAgo at={it.created_at} />
                </td>
                {mayDecide && (
                  <td className={table.end}>
                    <Decide message={it} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </ListCard>
    </>
  );
}

/** Sends a message that waits for somebody, or lets it go for good. */
function Decide({ message }: { message: OutboxMessage }) {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const problem = useProblem();
  const decide = useMutation({
    mutationFn: (decision: 'release' | 'drop') =>
      call(api.POST('/api/v1/outbox/{id}/{decision}', { params: { path: { id: message.id, decision } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['outbox'] }),
    onError: problem,
  });
  if (!decidable.includes(message.state)) return null;
  return (
    <span className={css.decide}>
      <Button size="small" disabled={decide.isPending} onClick={() => decide.mutate('release')}>
        {t(message.state === 'held' ? 'send_it' : 'send_again')}
      </Button>
      <Confirm title={t('drop_sure')} ok={t('drop')} danger onConfirm={() => decide.mutate('drop')}>
        <Button size="small" type="text" disabled={decide.isPending}>
          {t('drop')}
        </Button>
      </Confirm>
    </span>
  );
}
