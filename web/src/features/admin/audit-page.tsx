import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { AuditItem, Page } from '../../api/types';
import { RefSelect } from '../../shared/form/ref-select';
import { directoryQuery, meQuery, packQuery, packsQuery } from '../../shared/lib/queries';
import { ListCard } from '../../shared/table/list-card';
import table from '../../shared/table/table.module.css';
import { useClearing } from '../../shared/ui/clearing';
import { Empty, PageHead, useTitle } from '../../shared/ui/page';
import { TimeAgo } from '../../shared/ui/time-ago';
import css from './admin.module.css';
import { changesOf, isBuilt, linkOf, subjectOf } from './audit-words';

const kinds = [
  'user',
  'role',
  'team',
  'setting',
  'token',
  'pack',
  'site',
  'service',
  'department',
  'skill',
  'category',
  'template',
  'macro',
  'checklist',
  'announcement',
  'customer',
] as const;

interface Filter {
  kind?: string;
  actor?: string;
  from?: string;
  until?: string;
}

const day = (text: string | undefined, more = 0) => {
  if (!text) return undefined;
  const at = new Date(`${text}T00:00:00`);
  at.setDate(at.getDate() + more);
  return at.toISOString();
};

/** Who changed what of everything but records, newest first. */
export function AuditPage() {
  const { t } = useTranslation('admin');
  const clearing = useClearing();
  const [filter, setFilter] = useState<Filter>({});
  const set = (change: Filter) => setFilter((before) => ({ ...before, ...change }));
  const { kind, actor } = filter;
  const [from, until] = [day(filter.from), day(filter.until, 1)];
  useTitle(t('audit'));
  const list = useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam }) =>
      call<Page<AuditItem>>(
        api.GET('/api/v1/audit', {
          params: { query: { kind, actor, from, until, limit: 50, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHead
        title={t('audit')}
        answer={t('audit_answer')}
        tools={
          <>
            <Select
              style={{ width: 140 }}
              allowClear={clearing}
              aria-label={t('audit_kind')}
              placeholder={t('audit_kind')}
              value={kind}
              options={kinds.map((it) => ({ value: it, label: t(`audit_kind_${it}`) }))}
              onChange={(next?: string) => set({ kind: next })}
            />
            <span style={{ width: 160 }}>
              <RefSelect
                kind="users"
                label={t('audit_by')}
                placeholder={t('audit_by')}
                value={actor}
                onChange={(next) => set({ actor: next })}
              />
            </span>
            {(['from', 'until'] as const).map((it) => (
              <span key={it} className={`${css.bar} ${css.span}`}>
                <label className="dim small" htmlFor={`audit-${it}`}>
                  {t(`audit_${it}`)}
                </label>
                <Input
                  id={`audit-${it}`}
                  type="date"
                  style={{ width: 140 }}
                  value={filter[it] ?? ''}
                  onChange={(event) => set({ [it]: event.target.value || undefined })}
                />
              </span>
            ))}
          </>
        }
      />
      <ListCard
        list={list}
        bones={10}
        empty={
          <Empty title={t('audit_none')} text={t('audit_none_text')}>
            <Button onClick={() => setFilter({})}>{t('clear')}</Button>
          </Empty>
        }
      >
        <Rows items={items} />
      </ListCard>
    </>
  );
}

function Rows({ items }: { items: AuditItem[] }) {
  const { t } = useTranslation('admin');
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{t('audit_when')}</th>
          <th scope="col">{t('audit_by')}</th>
          <th scope="col">{t('audit_what')}</th>
          <th scope="col" className={table.wide}>
            {t('audit_change')}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((it, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries of the journal have no identity of their own and never move
          <tr key={index}>
            <td>
              <TimeAgo at={it.at} />
            </td>
            <td className={css.who}>{it.actor?.label ?? t('common:system')}</td>
            <td className={css.cell}>
              <span className="dim">{t(`audit_kind_${it.kind}`, { defaultValue: it.kind })}</span>{' '}
              <Subject item={it} />{' '}
              <span className="dim">{t(`audit_event_${it.event}`, { defaultValue: it.event })}</span>
              {it.changes.length > 0 && (
                <details className={css.narrowOnly}>
                  <summary className="small">{t('audit_change')}</summary>
                  <Changes item={it} />
                </details>
              )}
            </td>
            <td className={table.wide}>
              <Changes item={it} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What was changed, with the way to it for who may go there. */
function Subject({ item }: { item: AuditItem }) {
  const { t } = useTranslation('admin');
  const { data: me } = useQuery(meQuery);
  const link = me && linkOf(item, me);
  const name = subjectOf(item, t);
  if (!link) return name;
  return (
    <Link to={link.to as '/w'} search={link.search as object}>
      {name}
    </Link>
  );
}

function Changes({ item }: { item: AuditItem }) {
  const { t, i18n } = useTranslation('admin');
  // Conditions and steps name fields and values as the pack does.
  const { data: packs } = useQuery(packsQuery);
  const { data: pack } = useQuery(packQuery(packs?.items[0]?.key ?? ''));
  const { data: teams } = useQuery(directoryQuery('teams', '', 200));
  const { data: services } = useQuery(directoryQuery('services', '', 200));
  const { data: sites } = useQuery(directoryQuery('sites', '', 200));
  const called = (page: typeof teams) => new Map(page?.items.map((it) => [it.key, it.label]));
  const entries = { team: called(teams), service: called(services), site: called(sites) };
  return (
    <ul className={css.changes}>
      {changesOf(item, t, i18n.language, pack, entries).map((change) => (
        <li key={`${change.label}.${change.new}`}>
          <span className="dim">{change.label}</span> <Values old={change.old} now={change.new} />
        </li>
      ))}
    </ul>
  );
}

function Values({ old, now }: { old: string; now: string }) {
  const { t } = useTranslation('admin');
  const values = (
    <>
      {old && <span className="dim">{old} → </span>}
      {now || '—'}
    </>
  );
  if (!isBuilt(old) && !isBuilt(now)) return values;
  return (
    <details className={css.built}>
      <summary>{t('audit_built')}</summary>
      <code className="mono">{values}</code>
    </details>
  );
}
