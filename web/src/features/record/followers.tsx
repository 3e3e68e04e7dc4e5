import { useSuspenseQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../api/error';
import type { WorkRecord } from '../../api/types';
import type { Actions } from '../../shared/desk/use-actions';
import { useRecordWrites } from '../../shared/desk/use-record-writes';
import { RefSelect } from '../../shared/form/ref-select';
import { fromPointers } from '../../shared/form/schema';
import { useErrorText } from '../../shared/form/schema-form';
import { meQuery } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import { CloseIcon, PlusIcon } from '../../shared/ui/icons';
import { Person } from '../../shared/ui/marks';
import css from './record.module.css';

/** Who is told what happens here: oneself with one press, colleagues by name. */
export function Followers({ record, actions }: { record: WorkRecord; actions: Actions }) {
  const { t } = useTranslation('record');
  const { data: me } = useSuspenseQuery(meQuery);
  const writes = useRecordWrites(record);
  const problem = useProblem();
  const errorText = useErrorText();
  const [adding, setAdding] = useState(false);
  const [wrong, setWrong] = useState<string>();
  const watchers = record.watchers ?? [];
  const own = actions.get('watch') ?? actions.get('unwatch');
  if (!own && watchers.length === 0 && !record.affected) return null;
  const set = (action: 'watch' | 'unwatch', user: string) => {
    setWrong(undefined);
    return writes
      .act(action, { user })
      .then(() => setAdding(false))
      .catch((error: unknown) => {
        const [first] = isStatus(error, 422) ? fromPointers(error.problem.errors ?? []) : [];
        if (first) setWrong(errorText(first, t('colleague')));
        else problem(error);
      });
  };
  return (
    <section>
      <h2>{t('followers')}</h2>
      {!!record.affected && <p>{t('affected', { count: record.affected })}</p>}
      {watchers.length > 0 && (
        <ul className={css.people}>
          {watchers.map((it) => (
            <li key={it.id}>
              <Person of={it} />
              {own && it.id !== me.id && (
                <button
                  type="button"
                  className={`plain ${css.drop}`}
                  data-no-print
                  aria-label={t('unfollow_them', { name: it.label })}
                  title={t('unfollow_them', { name: it.label })}
                  onClick={() => void set('unwatch', it.key)}
                >
                  <CloseIcon />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {own && (
        <div className={css.asideTools} data-no-print>
          <Button
            size="small"
            loading={actions.busy === own.key}
            onClick={() => void actions.run(own, {}).catch(() => {})}
          >
            {own.label}
          </Button>
          <Button size="small" icon={<PlusIcon />} aria-expanded={adding} onClick={() => setAdding(!adding)}>
            {t('add_colleague')}
          </Button>
        </div>
      )}
      {adding && (
        <div className={css.adding}>
          <RefSelect
            kind="users"
            label={t('colleague')}
            value={undefined}
            invalid={Boolean(wrong)}
            placeholder={t('common:form.search_person')}
            onChange={(key) => key && void set('watch', key)}
          />
        </div>
      )}
      {wrong && (
        <p role="alert" className={css.wrong}>
          {wrong}
        </p>
      )}
    </section>
  );
}
