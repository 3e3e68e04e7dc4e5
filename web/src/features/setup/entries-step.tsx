import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Entry } from '../../api/types';
import { RefSelect } from '../../shared/form/ref-select';
import { entriesQuery } from '../../shared/lib/queries';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones } from '../../shared/ui/page';
import { errorOf, keyFor } from './quick';
import css from './setup.module.css';
import { TextField } from './text-field';
import { useSend } from './use-send';

const names = (entry: Entry) => [entry.label, ...Object.values(entry.labels ?? {})];

/** Sites or services: what there is, and one more by its name. */
export function EntriesStep({ kind, onDone }: { kind: 'sites' | 'services'; onDone: () => void }) {
  const { t, i18n } = useTranslation('setup');
  const client = useQueryClient();
  const { data, error, refetch } = useInfiniteQuery(entriesQuery(kind, ''));
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const { busy, errors, setErrors, send, form } = useSend(['label']);
  const [name, setName] = useState('');
  const [team, setTeam] = useState<string>();
  const add = async () => {
    const wanted = name.trim();
    if (!wanted) return setErrors([{ name: 'label', key: 'required' }]);
    const same = items.find((it) => names(it).some((one) => one.toLowerCase() === wanted.toLowerCase()));
    if (same) return setErrors([{ name: 'label', key: 'said', said: t('same_name', { name: same.label }) }]);
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
  // What is there must be known before something is added to it.
  if (!data) return error ? <ErrorView error={error} retry={() => void refetch()} /> : <Bones rows={4} />;
  return (
    <>
      <ul className={css.list} aria-label={t(`step_${kind}`)}>
        {items.map((it) => (
          <li key={it.id}>
            {it.label} <span className="dim small">{it.team?.label ?? it.parent?.label}</span>
          </li>
        ))}
      </ul>
      <form
        ref={form}
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
