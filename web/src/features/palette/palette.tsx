import {
  type QueryClient,
  useQueries,
  useQuery,
  useQueryClient,
  useSuspenseQuery,
} from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Modal } from 'antd';
import { type KeyboardEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Page, RecordItem, Ref, Task, User } from '../../api/types';
import { languageNames, supported, useLanguage } from '../../shared/i18n/language';
import { adminPagesOf } from '../../shared/lib/admin-pages';
import { showOverlay } from '../../shared/lib/overlays';
import { isDark, preferences } from '../../shared/lib/preferences';
import { directoryQuery, meQuery, packsQuery } from '../../shared/lib/queries';
import { useSettled } from '../../shared/lib/use-settled';
import { PhaseMark, Priority } from '../../shared/ui/marks';
import { type Command, matching, wholeNumber } from './commands';
import css from './palette.module.css';

/** A number of this type that is already known, for its pattern. */
function sampleOf(client: QueryClient, type: string): string | undefined {
  for (const [, data] of client.getQueriesData<{ pages?: Page<RecordItem>[] }>({
    queryKey: ['records', type],
  })) {
    const number = data?.pages?.[0]?.items[0]?.number;
    if (number) return number;
  }
  const tasks = client.getQueriesData<{ pages?: Page<Task>[] }>({ queryKey: ['tasks'] });
  const items = tasks.flatMap(([, data]) => data?.pages?.[0]?.items ?? []);
  return items.find((it) => it.record.type === type)?.record.number;
}

function useFound(q: string, types: string[]) {
  const client = useQueryClient();
  return useQueries({
    queries: types.map((type) => ({
      queryKey: ['records', type, { q }, 'palette'],
      queryFn: () =>
        call<Page<RecordItem>>(
          api.GET('/api/v1/records/{type}', {
            params: { path: { type }, query: { q: wholeNumber(q, sampleOf(client, type)), limit: 8 } },
          }),
        ),
      enabled: q.length >= 2,
      staleTime: 10_000,
    })),
    combine: (all) => ({
      items: all.flatMap((it) => it.data?.items ?? []),
      waiting: all.some((it) => it.isFetching),
    }),
  });
}

function useCommands(): Command[] {
  const { t, i18n } = useTranslation('palette');
  const navigate = useNavigate();
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: packs } = useQuery(packsQuery);
  const dark = isDark(preferences.get());
  const changeLanguage = useLanguage();
  const go = (id: string, label: string, run: () => void, hint?: string): Command => ({
    id,
    group: 'go',
    label,
    hint,
    run,
  });
  return [
    go('my', t('my_work'), () => void navigate({ to: '/w' }), 'g w'),
    go('queue', t('queue'), () => void navigate({ to: '/w/queue', search: {} }), 'g q'),
    ...(packs?.items ?? []).map((it) =>
      go(
        `type.${it.key}`,
        t('records', { label: it.label }),
        () => void navigate({ to: '/w/records/$type', params: { type: it.key }, search: {} }),
      ),
    ),
    ...adminPagesOf(me).map(({ page }) =>
      go(`admin.${page}`, t(`shell:admin_${page}`), () => void navigate({ to: `/w/admin/${page}` as '/w' })),
    ),
    go('sessions', t('sessions'), () => void navigate({ to: '/w/sessions' })),
    go('portal', t('portal'), () => void navigate({ to: '/', search: {} })),
    { id: 'log', group: 'do', label: t('log'), hint: 'n', run: () => showOverlay('log') },
    { id: 'help', group: 'do', label: t('help'), hint: 'g h', run: () => showOverlay('help') },
    { id: 'keys', group: 'do', label: t('keys'), hint: '?', run: () => showOverlay('keys') },
    {
      id: 'theme',
      group: 'do',
      label: t(dark ? 'light' : 'dark'),
      run: () => preferences.set({ theme: dark ? 'light' : 'dark' }),
    },
    ...(['zh', 'en'] as const)
      .filter((it) => it !== supported(i18n.language))
      .map((it) => ({
        id: `language.${it}`,
        group: 'do' as const,
        label: t(`to_${it}`, { name: languageNames[it] }),
        run: () => void changeLanguage(it, true),
      })),
  ];
}

/** Where somebody is found. */
const whereabouts = (it: Ref & Partial<User>) =>
  [it.department?.label, it.site?.label, it.phone, it.number].filter(Boolean).join(' · ');

/** One box that opens everything: pages, commands, records by number or title, and people. */
export function Palette() {
  const { t } = useTranslation('palette');
  const navigate = useNavigate();
  const id = useId();
  const [text, setText] = useState('');
  const q = useSettled(text, 180);
  const [at, setAt] = useState(0);
  const { data: packs } = useQuery(packsQuery);
  const found = useFound(q, packs?.items.map((it) => it.key) ?? []);
  const records: Command[] = (text.trim().length >= 2 ? found.items : []).map((it) => ({
    id: it.id,
    group: 'found',
    label: it.title,
    record: it,
    run: () =>
      void navigate({
        to: '/w/records/$type/$number',
        params: { type: it.type, number: it.number },
        search: {},
      }),
  }));
  const { data: me } = useSuspenseQuery(meQuery);
  const asksPeople = me.workspace && q.length >= 2 && text.trim().length >= 2;
  const people = useQuery({ ...directoryQuery('users', q, 5), enabled: asksPeople });
  const first = packs?.items[0]?.key;
  // Whoever is looked for is called about: what they have reported is the way to them and their card.
  const persons: Command[] = ((asksPeople && first && people.data?.items) || []).map((it) => ({
    id: `person.${it.id}`,
    group: 'people',
    label: it.label,
    detail: whereabouts(it),
    run: () =>
      void navigate({
        to: '/w/records/$type',
        params: { type: first ?? '' },
        search: { requester: it.key, state: 'any' },
      }),
  }));
  const shown = matching([...records, ...persons, ...useCommands()], text);
  const chosen = Math.min(at, shown.length - 1);
  const close = () => showOverlay(null);
  const pick = (command: Command | undefined) => {
    if (!command) return;
    close();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && shown.length > 0) {
      event.preventDefault();
      const next = (chosen + step + shown.length) % shown.length;
      setAt(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      pick(shown[chosen]);
    }
  };
  return (
    <Modal
      className={css.box}
      open
      onCancel={close}
      footer={null}
      closable={false}
      width={600}
      style={{ top: 72 }}
      title={<span className="visually-hidden">{t('title')}</span>}
      destroyOnHidden
    >
      <input
        // biome-ignore lint/a11y/noAutofocus: the box is why the layer opened
        autoFocus
        className={css.input}
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={shown.length > 0 ? `${id}-${chosen}` : undefined}
        aria-label={t('title')}
        placeholder={t('placeholder')}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} className={css.list} role="listbox" aria-label={t('title')}>
        {shown.map((it, index) => (
          <div key={it.id} role="presentation">
            {shown[index - 1]?.group !== it.group && (
              <div className={css.group} role="presentation">
                {t(it.group)}
              </div>
            )}
            <div
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              className={css.option}
              onPointerMove={() => setAt(index)}
              onClick={() => pick(it)}
              onKeyDown={() => {}}
            >
              {it.record && <Priority value={it.record.priority} />}
              {it.record && <span className="mono dim nowrap">{it.record.number}</span>}
              <span className={`ellipsis ${css.title}`} style={{ flex: 1 }}>
                {it.label}
                {it.detail && <span className="dim small"> {it.detail}</span>}
              </span>
              {it.record && <PhaseMark phase={it.record.phase} label={it.record.state_label} />}
              {it.hint && <kbd>{it.hint}</kbd>}
            </div>
          </div>
        ))}
      </div>
      {shown.length === 0 && !found.waiting && !people.isFetching && (
        <p className="dim" style={{ padding: 16 }} role="status">
          {t('nothing', { q: text.trim() })}
        </p>
      )}
      <p className={css.foot}>{t('hint')}</p>
    </Modal>
  );
}
