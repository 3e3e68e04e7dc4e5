import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Announcement } from '../../api/types';
import { Severity } from '../../shared/announcements/announcement-card';
import { announcementQuery } from '../../shared/announcements/queries';
import type { Values } from '../../shared/form/schema';
import { useProblem } from '../../shared/lib/use-problem';
import { ListCard } from '../../shared/table/list-card';
import table from '../../shared/table/table.module.css';
import { ErrorView } from '../../shared/ui/error-view';
import { PlusIcon, SoundIcon } from '../../shared/ui/icons';
import { Empty, PageHead, useTitle } from '../../shared/ui/page';
import { TimeAgo } from '../../shared/ui/time-ago';
import { toast } from '../../shared/ui/toast';
import css from './admin.module.css';
import { allAnnouncementsQuery, bodyOf, schemaOf, valuesOf } from './announcement-form';
import { EntryEditor } from './entry-editor';

const route = getRouteApi('/signed-in/w/admin/announcements');

export function AnnouncementsPage() {
  const { t } = useTranslation('admin');
  const { open } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(allAnnouncementsQuery);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const show = (id: string | undefined) => void navigate({ search: { open: id }, replace: true });
  useTitle(t('announcements'));
  const create = (
    <Button type="primary" icon={<PlusIcon />} onClick={() => show('+')}>
      {t('new')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('announcements')} answer={t('announcements_answer')} tools={create} />
      <ListCard
        list={list}
        bones={6}
        empty={
          <Empty icon={<SoundIcon />} title={t('no_announcements')} text={t('no_announcements_text')}>
            {create}
          </Empty>
        }
      >
        <Table items={items} onOpen={show} />
      </ListCard>
      {open !== undefined && <Editor key={open} id={open} onClose={() => show(undefined)} />}
    </>
  );
}

function Table({ items, onOpen }: { items: Announcement[]; onOpen: (id: string) => void }) {
  const { t } = useTranslation('admin');
  const end = useEnd();
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{t('announcement_title')}</th>
          <th scope="col">{t('announcement_stage')}</th>
          <th scope="col" className={table.wide}>
            {t('audience')}
          </th>
          <th scope="col" className={table.wide}>
            {t('announcement_from')}
          </th>
          <th scope="col" className={table.wide}>
            {t('announcement_until')}
          </th>
          <th scope="col">
            <span className="visually-hidden">{t('announcement_end')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((it) => (
          <tr key={it.id} className={it.stage === 'ended' ? css.inactive : undefined}>
            <td>
              <Severity of={it} />{' '}
              <button type="button" className={css.link} onClick={() => onOpen(it.id)}>
                {it.title}
              </button>
            </td>
            <td>{t(`stage_${it.stage}`)}</td>
            <td className={table.wide}>{audienceOf(it).join(t('common:comma')) || t('everybody')}</td>
            <td className={table.wide}>{it.from && <TimeAgo at={it.from} />}</td>
            <td className={table.wide}>
              {it.until ? <TimeAgo at={it.until} /> : <span className="dim">—</span>}
            </td>
            <td className={table.end}>
              {it.stage !== 'ended' && (
                <Button size="small" onClick={() => void end(it)}>
                  {t('announcement_end')}
                </Button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const audienceOf = ({ audience }: Announcement) =>
  audience
    ? [audience.sites, audience.departments, audience.teams, audience.services].flat().map((it) => it.label)
    : [];

/** Ends an announcement now, on the version that is shown. */
function useEnd() {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const problem = useProblem();
  return async (of: Announcement) => {
    try {
      await call(
        api.POST('/api/v1/announcements/{id}/end', {
          params: { path: { id: of.id }, header: { 'If-Match': `"${of.version}"` } },
        }),
      );
      toast.success(t('announcement_ended', { title: of.title }));
    } catch (error) {
      problem(error);
    }
    void client.invalidateQueries({ queryKey: ['announcements'] });
  };
}

/** `+` writes a new one, anything else is the identity of one that is there. */
function Editor({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const end = useEnd();
  const creating = id === '+';
  const { data, error, refetch } = useQuery(announcementQuery(creating ? '' : id));
  if (error) return <ErrorView error={error} retry={() => void refetch()} />;
  if (!creating && !data) return null;
  const given = data ? valuesOf(data) : { severity: 'info' };
  const save = async (changes: Values, version: number | undefined) => {
    const body = bodyOf(creating ? { ...given, ...changes } : changes, given) as never;
    if (version === undefined) await call(api.POST('/api/v1/announcements', { body }));
    else {
      await call(
        api.PATCH('/api/v1/announcements/{id}', {
          params: { path: { id }, header: { 'If-Match': `"${version}"` } },
          body,
        }),
      );
    }
    await client.invalidateQueries({ queryKey: ['announcements'] });
  };
  return (
    <EntryEditor
      key={data?.version ?? 0}
      title={creating ? t('new_announcement') : (data?.title ?? '')}
      schema={schemaOf(t)}
      given={given}
      known={data && knownOf(data)}
      version={data?.version}
      save={save}
      reread={() => void refetch()}
      onClose={onClose}
      tools={
        data &&
        data.stage !== 'ended' && (
          <Button danger onClick={() => void end(data).then(onClose)}>
            {t('announcement_end')}
          </Button>
        )
      }
    >
      <p className="dim small">{t('announcement_help')}</p>
    </EntryEditor>
  );
}

const knownOf = (of: Announcement): Values => ({
  services: of.services,
  for_sites: of.audience?.sites,
  for_departments: of.audience?.departments,
  for_teams: of.audience?.teams,
  for_services: of.audience?.services,
});
