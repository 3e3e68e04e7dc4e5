import { useQuery } from '@tanstack/react-query';
import { Modal } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Readers, WorkRecord } from '../../api/types';
import { RefSelect } from '../../shared/form/ref-select';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones } from '../../shared/ui/page';
import dialogs from './dialogs.module.css';
import css from './why.module.css';

type By = Readers['groups'][number]['by'];

/** Who can see a record and through which right; and of one person, which test lets them or fails. */
export function ReadersDialog({ record, onClose }: { record: WorkRecord; onClose: () => void }) {
  const { t } = useTranslation('record');
  const id = useId();
  const [user, setUser] = useState<string>();
  const path = { type: record.type, number: record.number };
  const read = (of?: string) => ({
    queryKey: ['readers', record.number, record.version, of],
    queryFn: () =>
      call<Readers>(
        api.GET('/api/v1/records/{type}/{number}/readers', { params: { path, query: { user: of } } }),
      ),
    retry: false,
    gcTime: 0,
  });
  const all = useQuery(read());
  const one = useQuery({ ...read(user), enabled: user !== undefined });
  const byText = (by: By) =>
    t(`readers_${by.kind}`, { role: by.role?.label ?? '', person: by.person?.label ?? '' });
  const answer = one.data?.user;
  return (
    <Modal
      open
      title={t('readers_title', { number: record.number })}
      width={640}
      footer={null}
      onCancel={onClose}
    >
      <div className={dialogs.dialogForm}>
        <div>
          <label htmlFor={`${id}-user`}>{t('readers_ask')}</label>
          <RefSelect
            id={`${id}-user`}
            kind="users"
            value={user}
            placeholder={t('common:form.search_person')}
            onChange={setUser}
          />
        </div>
        {one.error && <ErrorView error={one.error} retry={() => void one.refetch()} />}
        {user && answer && (
          <section className={css.readers} role="status">
            <h3>{t(answer.allowed ? 'readers_yes' : 'readers_no', { name: answer.user.label })}</h3>
            {!answer.alive && <p>{t('readers_ended')}</p>}
            {answer.rights.length === 0 && <p>{t('readers_no_right')}</p>}
            <ul>
              {answer.rights.map((it, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rights of one answer
                <li key={index}>
                  {byText(it.by)} · {it.condition} — <b>{t(it.holds ? 'readers_holds' : 'readers_fails')}</b>
                  {!it.holds && it.parts.length > 1 && (
                    <ul className="dim small">
                      {it.parts.map((part) => (
                        <li key={part.text}>
                          {part.text} — {t(part.holds ? 'readers_holds' : 'readers_fails')}
                        </li>
                      ))}
                    </ul>
                  )}
                </li>
              ))}
            </ul>
          </section>
        )}
        {all.error && <ErrorView error={all.error} retry={() => void all.refetch()} />}
        {!all.data && !all.error && <Bones rows={5} />}
        {all.data && (
          <section className={css.readers}>
            <p className="dim small">
              {t('readers_total', { total: all.data.total, considered: all.data.considered })}
              {all.data.more && ` ${t('readers_more')}`}
            </p>
            <ul>
              {all.data.groups.map((it, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: groups of one answer
                <li key={index}>
                  <b>{byText(it.by)}</b> · {it.condition} · {t('readers_people', { count: it.count })}
                  <div className="dim small">
                    {it.people.map((person) => person.label).join(t('common:comma'))}
                    {it.count > it.people.length && ` ${t('readers_rest')}`}
                  </div>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Modal>
  );
}
