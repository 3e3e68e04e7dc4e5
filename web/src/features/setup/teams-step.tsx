import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Entry } from '../../api/types';
import { RefSelect } from '../../shared/form/ref-select';
import { RefsSelect } from '../../shared/form/refs-select';
import { entriesQuery } from '../../shared/lib/queries';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones } from '../../shared/ui/page';
import css from './setup.module.css';
import { useSend } from './use-send';

/** The teams that the rules send work to: what they are called, who is in them, who is on duty. */
export function TeamsStep({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('setup');
  const { data, error, refetch } = useInfiniteQuery(entriesQuery('teams', ''));
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  // Rows that were changed and not saved: going on saves them first, and stays where that is refused.
  const unsaved = useRef(new Map<string, () => Promise<boolean>>());
  const next = async () => {
    for (const save of [...unsaved.current.values()]) if (!(await save())) return;
    onDone();
  };
  if (!data) return error ? <ErrorView error={error} retry={() => void refetch()} /> : <Bones rows={6} />;
  return (
    <>
      {items.map((it) => (
        <Team key={`${it.id}.${it.version}`} team={it} unsaved={unsaved.current} />
      ))}
      <Button type="primary" onClick={() => void next()}>
        {t('next')}
      </Button>
    </>
  );
}

function Team({ team, unsaved }: { team: Entry; unsaved: Map<string, () => Promise<boolean>> }) {
  const { t, i18n } = useTranslation('setup');
  const client = useQueryClient();
  const { busy, errors, send, form } = useSend('all');
  const called: Record<string, string> = { label: t('team_name'), duty: t('duty'), members: t('members') };
  const wrong = (field: string) => errors.some((it) => it.name === field) || undefined;
  const lang = i18n.language === 'en' ? 'en' : 'zh';
  const before = team.labels?.[lang] ?? team.label;
  const [name, setName] = useState(before);
  const [duty, setDuty] = useState(team.duty?.key);
  const [members, setMembers] = useState(team.members?.map((it) => it.key) ?? []);
  const changed =
    name !== before || duty !== team.duty?.key || members.join() !== team.members?.map((it) => it.key).join();
  const save = async () => {
    const saved = await send(async () => {
      // Who is on duty is in the team.
      const all = duty && !members.includes(duty) ? [...members, duty] : members;
      const body = {
        label: { ...team.labels, [lang]: name.trim() || before },
        duty: duty ?? null,
        members: all,
      };
      const params = { path: { key: team.key }, header: { 'If-Match': `"${team.version}"` } };
      await call(api.PATCH('/api/v1/teams/{key}', { params, body: body as never }));
      await client.invalidateQueries({ queryKey: ['entries', 'teams'] });
      await client.invalidateQueries({ queryKey: ['directory', 'teams'] });
    });
    // The team is drawn anew from what was saved: the focus stays with it.
    if (saved) document.querySelector<HTMLElement>(`[data-team="${CSS.escape(team.key)}"] input`)?.focus();
    return Boolean(saved);
  };
  useEffect(() => {
    if (!changed) return;
    unsaved.set(team.key, save);
    return () => void unsaved.delete(team.key);
  });
  return (
    <form
      ref={form}
      className={css.team}
      aria-label={team.label}
      data-team={team.key}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div data-label={called.label} data-error={wrong('label')}>
        <Input
          aria-label={t('name_team', { team: team.key })}
          status={wrong('label') && 'error'}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <div data-label={called.duty} data-error={wrong('duty')}>
        <RefSelect
          kind="users"
          label={t('duty')}
          placeholder={t('duty')}
          known={team.duty}
          value={duty}
          onChange={setDuty}
        />
      </div>
      <div data-label={called.members} data-error={wrong('members')}>
        <label className="visually-hidden" htmlFor={`members-${team.key}`}>
          {t('members')}
        </label>
        <RefsSelect
          id={`members-${team.key}`}
          kind="users"
          known={team.members ?? undefined}
          invalid={wrong('members') ?? false}
          value={members}
          onChange={(next) => setMembers(next)}
        />
      </div>
      <Button htmlType="submit" disabled={!changed} loading={busy}>
        {t('save')}
      </Button>
      {errors.map((it) => (
        <p key={it.name} role="alert" className={css.bad}>
          {called[it.name]}
          {t('common:colon')}
          {it.said ?? t(`common:form.${it.key}`, { label: called[it.name] ?? it.name })}
        </p>
      ))}
    </form>
  );
}
