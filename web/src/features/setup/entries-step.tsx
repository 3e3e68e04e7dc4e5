import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import { RefSelect } from '../../shared/form/ref-select';
import { entriesQuery } from '../../shared/lib/queries';
import { ErrorView } from '../../shared/ui/error-view';
import { errorOf, keyFor } from './quick';
import css from './setup.module.css';
import { TextField } from './text-field';
import { useSend } from './use-send';

/** Sites or services: what there is, and one more by its name. */
export function EntriesStep({ kind, onDone }: { kind: 'sites' | 'services'; onDone: () => void }) {
  const { t, i18n } = useTranslation('setup');
  const client = useQueryClient();
  const { data, error, refetch } = useInfiniteQuery(entriesQuery(kind, ''));
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const { busy, errors, setErrors, send } = useSend(['label']);
  const [name, setName] = useState('');
  const [team, setTeam] = useState<string>();
  const add = async () => {
    if (!name.trim()) return setErrors([{ name: 'label', key: 'required' }]);
    const key = keyFor(
      name,
      kind.slice(0, -1),
      items.map((it) => it.key),
    );
    const body = {
      key,
      label: { [i18n.language === 'en' ? 'en' : 'zh']: name.trim() },
      ...(team ? { team } : {}),
    };
    const saved = await send(async () => {
      await call(api.POST(`/api/v1/${kind}`, { body: body as never }));
      await client.invalidateQueries({ queryKey: ['entries', kind] });
      await client.invalidateQueries({ queryKey: ['directory', kind] });
    });
    if (saved) setName('');
  };
  return (
    <>
      {error && !data && <ErrorView error={error} retry={() => void refetch()} />}
      <ul className={css.list} aria-label={t(`step_${kind}`)}>
        {items.map((it) => (
          <li key={it.id}>
            {it.label} <span className="dim small">{it.team?.label ?? it.parent?.label}</span>
          </li>
        ))}
      </ul>
      <form
        className={css.adding}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <TextField
          label={t(`name_${kind}`)}
          value={name}
          error={errorOf(errors, 'label')}
          onChange={setName}
        />
        {kind === 'services' && (
          <div className={css.choice}>
            <span>{t('team')}</span>
            <RefSelect kind="teams" label={t('team')} value={team} onChange={setTeam} />
          </div>
        )}
        <Button htmlType="submit" loading={busy}>
          {t('add')}
        </Button>
      </form>
      <Button type="primary" disabled={items.length === 0} onClick={onDone}>
        {t('next')}
      </Button>
    </>
  );
}
