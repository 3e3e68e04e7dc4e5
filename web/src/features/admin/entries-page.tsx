import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Entry, Grant } from '../../api/types';
import type { Values } from '../../shared/form/schema';
import { mayImport } from '../../shared/lib/admin-pages';
import type { EntryKind } from '../../shared/lib/queries';
import { entriesQuery, entryQuery, grantsQuery, meQuery, packsQuery } from '../../shared/lib/queries';
import { ListCard } from '../../shared/table/list-card';
import table from '../../shared/table/table.module.css';
import { useClearing } from '../../shared/ui/clearing';
import { ErrorView } from '../../shared/ui/error-view';
import { PlusIcon, SearchIcon } from '../../shared/ui/icons';
import { Empty, PageHead, useTitle } from '../../shared/ui/page';
import css from './admin.module.css';
import { EntryEditor } from './entry-editor';
import { bodyOf, isEntryKind, schemaOf, valuesOf } from './entry-kinds';
import { filledSteps, isKit, KitFields, kitOf } from './kit-fields';
import { PresetOffers } from './preset-offers';

const route = getRouteApi('/signed-in/w/admin/$kind');

export function EntriesPage() {
  const { t } = useTranslation('admin');
  const { kind } = route.useParams();
  if (!isEntryKind(kind))
    return (
      <Empty page title={t('common:error.missing.title')} text={t('common:error.missing.text')}>
        <Link to="/w">{t('to_my_work')}</Link>
      </Empty>
    );
  return <Entries key={kind} kind={kind} />;
}

function Entries({ kind }: { kind: EntryKind }) {
  const { t } = useTranslation('admin');
  const clearing = useClearing();
  const { q, open } = route.useSearch();
  const navigate = route.useNavigate();
  const [text, setText] = useState(q ?? '');
  const list = useInfiniteQuery(entriesQuery(kind, q ?? ''));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const warned = items.filter((it) => it.warning);
  const show = (key: string | undefined) => void navigate({ search: { q, open: key }, replace: true });
  const { data: me } = useQuery(meQuery);
  const fromFile = me !== undefined && mayImport(me, kind);
  useTitle(t(`kind_${kind}`));
  useEffect(() => {
    if (text.trim() === (q ?? '')) return;
    const search = { q: text.trim() || undefined, open };
    const timer = setTimeout(() => void navigate({ search, replace: true }), 300);
    return () => clearTimeout(timer);
  }, [text, q, open, navigate]);
  return (
    <>
      <PageHead
        title={t(`kind_${kind}`)}
        answer={t(`answer_${kind}`)}
        tools={
          <>
            <Input
              style={{ width: 200 }}
              allowClear={clearing}
              prefix={<SearchIcon className="dim" />}
              aria-label={t('q_entry')}
              placeholder={t('q_entry')}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
            <Button type="primary" icon={<PlusIcon />} onClick={() => show('+')}>
              {t('new')}
            </Button>
          </>
        }
      />
      {warned.length > 0 && (
        <section className={`card ${css.warnings}`} aria-label={t('warnings')}>
          <h2>{t('warnings')}</h2>
          <ul>
            {warned.map((it) => (
              <li key={it.id}>
                <button type="button" className={css.link} onClick={() => show(it.key)}>
                  {it.label}
                </button>{' '}
                {t(`warning_${it.warning}`, { person: aloneOf(it) })}
              </li>
            ))}
          </ul>
        </section>
      )}
      {kind === 'roles' && <PresetOffers roles={items} />}
      <ListCard
        list={list}
        empty={
          <Empty title={t(q ? 'none_found' : `none_${kind}`)} text={q ? undefined : t(`none_${kind}_text`)}>
            {q ? (
              <Button onClick={() => setText('')}>{t('clear')}</Button>
            ) : (
              <Button type="primary" onClick={() => show('+')}>
                {t('new')}
              </Button>
            )}
            {!q && fromFile && (
              <Link to="/w/admin/import" search={{ kind }}>
                {t('import_them')}
              </Link>
            )}
          </Empty>
        }
      >
        <Table kind={kind} items={items} onOpen={show} />
      </ListCard>
      {open !== undefined && <Editor key={open} kind={kind} entry={open} onClose={() => show(undefined)} />}
    </>
  );
}

/** How far below the root a path lies. */
const depthOf = (path: string) => path.split('/').length - 1;
const aloneOf = (entry: Entry) => entry.holders?.map((it) => it.label).join(', ') ?? '';

const textOf = (entry: Entry, name: string) => {
  const value = entry.data?.[name];
  return typeof value === 'string' && value ? value : undefined;
};
const countOf = (entry: Entry) => (Array.isArray(entry.data?.steps) ? entry.data.steps.length : undefined);

/** The names of what a role allows. */
function allowed(role: Entry, grants: Grant[]): string {
  const keys = Array.isArray(role.data?.actions) ? (role.data.actions as string[]) : [];
  return keys.map((key) => grants.find((it) => it.key === key)?.label ?? key).join(' · ');
}

function Table({ kind, items, onOpen }: { kind: EntryKind; items: Entry[]; onOpen: (key: string) => void }) {
  const { t } = useTranslation('admin');
  const { data: known } = useQuery({ ...grantsQuery, enabled: kind === 'roles' });
  const grants = known?.items ?? [];
  const names = (list: { label: string }[] | null | undefined) =>
    list?.map((it) => it.label).join(t('common:comma')) ?? '';
  const cells: Record<EntryKind, { head: string; of: (it: Entry) => string | number | undefined }[]> = {
    teams: [
      { head: t('members'), of: (it) => it.members_count ?? 0 },
      { head: t('duty'), of: (it) => it.duty?.label },
    ],
    departments: [{ head: t('parent'), of: (it) => it.parent?.label }],
    sites: [{ head: t('parent'), of: (it) => it.parent?.label }],
    services: [
      { head: t('team'), of: (it) => it.team?.label },
      { head: t('owner'), of: (it) => it.owner?.label },
    ],
    skills: [
      { head: t('holders'), of: (it) => names(it.holders) },
      { head: t('backup'), of: (it) => names(it.backup) },
    ],
    templates: [
      {
        head: t('template_group'),
        of: (it) => (it.data?.phrase ? t('template_phrase') : textOf(it, 'group')),
      },
    ],
    macros: [{ head: t('macro_steps'), of: (it) => countOf(it) }],
    checklists: [{ head: t('check_steps'), of: (it) => countOf(it) }],
    roles: [{ head: t('actions'), of: (it) => allowed(it, grants) || undefined }],
    categories: [{ head: t('parent'), of: (it) => it.parent?.label }],
  };
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{t('label')}</th>
          <th scope="col" className={table.wide}>
            {t('key')}
          </th>
          {cells[kind].map((cell) => (
            <th key={cell.head} scope="col">
              {cell.head}
            </th>
          ))}
          <th scope="col" className={table.wide}>
            {t('in_use')}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((it) => (
          <tr key={it.id} className={it.active ? undefined : css.inactive}>
            <td>
              <button
                type="button"
                className={css.link}
                style={kind === 'categories' ? { marginInlineStart: 20 * depthOf(it.key) } : undefined}
                onClick={() => onOpen(it.key)}
              >
                {it.label}
              </button>
            </td>
            <td className={`mono ${table.wide}`}>{it.key}</td>
            {cells[kind].map((cell) => (
              <td key={cell.head} className={css.cell}>
                {cell.of(it) ?? <span className="dim">—</span>}
              </td>
            ))}
            <td className={table.wide}>{t(it.active ? 'common:yes' : 'common:no')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `+` makes a new entry, anything else is the key of one that is there. */
function Editor({ kind, entry, onClose }: { kind: EntryKind; entry: string; onClose: () => void }) {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const creating = entry === '+';
  const { data, error, refetch } = useQuery(entryQuery(kind, creating ? '' : entry));
  const { data: grants } = useQuery({ ...grantsQuery, enabled: kind === 'roles' });
  const { data: packs } = useQuery({ ...packsQuery, enabled: kind === 'categories' });
  const [active, setActive] = useState<boolean>();
  const [kit, setKit] = useState<Values>();
  if (error) return <ErrorView error={error} retry={() => void refetch()} />;
  if ((!creating && !data) || (kind === 'roles' && !grants) || (kind === 'categories' && !packs)) return null;
  const given = data ? valuesOf(data) : {};
  const inUse = active ?? data?.active ?? true;
  const save = async (changes: Values, version: number | undefined) => {
    const body = {
      ...bodyOf(changes, given),
      ...filledSteps(kit),
      ...(data && inUse !== data.active ? { active: inUse } : {}),
    };
    if (version === undefined) await call(api.POST(`/api/v1/${kind}`, { body: body as never }));
    else {
      await call(
        api.PATCH(`/api/v1/${kind}/{key}`, {
          params: { path: { key: entry }, header: { 'If-Match': `"${version}"` } },
          body: body as never,
        }),
      );
    }
    await client.invalidateQueries({ queryKey: ['entries', kind] });
    void client.invalidateQueries({ queryKey: ['directory', kind] });
    if (kind === 'roles') void client.invalidateQueries({ queryKey: ['me'] });
    if (kind === 'categories') void client.invalidateQueries({ queryKey: ['packs'] });
  };
  return (
    <EntryEditor
      key={data?.version ?? 0}
      title={creating ? t(`new_${kind}`) : (data?.label ?? '')}
      schema={schemaOf(kind, t, { grants: grants?.items ?? [], packs: packs?.items ?? [] }, creating)}
      given={given}
      known={data as unknown as Values}
      version={data?.version}
      dirty={data !== undefined && (inUse !== data.active || kit !== undefined)}
      save={save}
      reread={() => void refetch()}
      onClose={onClose}
      tools={
        data && (
          <Button danger={inUse} onClick={() => setActive(!inUse)}>
            {t(inUse ? 'retire' : 'restore')}
          </Button>
        )
      }
    >
      {data && inUse !== data.active && <p role="status">{t(inUse ? 'restore_text' : 'retire_text')}</p>}
      {kind === 'roles' && <GrantHelp />}
      {isKit(kind) && <KitFields kind={kind} values={{ ...kitOf(given), ...kit }} onChange={setKit} />}
    </EntryEditor>
  );
}

function GrantHelp() {
  const { t } = useTranslation('admin');
  const { data } = useQuery(grantsQuery);
  return (
    <details>
      <summary>{t('grants_help')}</summary>
      <dl className={css.grants}>
        {data?.items.map((it) => (
          <div key={it.key}>
            <dt>
              {it.label} <span className="mono dim">{it.key}</span>
            </dt>
            <dd className="dim">{it.help}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
