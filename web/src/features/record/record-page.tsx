import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Navigate, useRouter } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Pack, WorkRecord } from '../../api/types';
import { ActionBar } from '../../shared/desk/action-bar';
import { type Actions, useActions } from '../../shared/desk/use-actions';
import { useTurn } from '../../shared/desk/use-turn';
import { worksOn } from '../../shared/desk/works-on';
import { may } from '../../shared/lib/admin-pages';
import { useHotkeys } from '../../shared/lib/hotkeys';
import { attachmentsQuery, childrenQuery, meQuery, packQuery, recordQuery } from '../../shared/lib/queries';
import { isInstant } from '../../shared/lib/time';
import { useSeen } from '../../shared/notices/use-seen';
import { ErrorView } from '../../shared/ui/error-view';
import { LeftIcon } from '../../shared/ui/icons';
import { PhaseMark, Priority } from '../../shared/ui/marks';
import { Bones, useTitle } from '../../shared/ui/page';
import { TimeAgo } from '../../shared/ui/time-ago';
import { Checklists } from './checklists';
import { Facts } from './facts';
import { FilesTab } from './files-tab';
import { FormTab } from './form-tab';
import { JournalTab } from './journal-tab';
import { LinksTab } from './links-tab';
import { Macros } from './macros';
import { Presence } from './presence';
import css from './record.module.css';
import { usePresence } from './use-presence';

const MergeDialog = lazy(() => import('./merge-dialog').then((it) => ({ default: it.MergeDialog })));
const SplitDialog = lazy(() => import('./split-dialog').then((it) => ({ default: it.SplitDialog })));
const ReadersDialog = lazy(() => import('./readers-dialog').then((it) => ({ default: it.ReadersDialog })));
const FlowTab = lazy(() => import('./flow-tab').then((it) => ({ default: it.FlowTab })));
const route = getRouteApi('/signed-in/w/records/$type/$number');
const tabs = ['journal', 'form', 'flow', 'links', 'files'] as const;

export function RecordPage() {
  const { type, number } = route.useParams();
  const { data, error, refetch } = useQuery(recordQuery(type, number));
  const { data: pack } = useQuery(packQuery(type));
  useTitle(data && `${data.number} ${data.title}`);
  const search = route.useSearch();
  if (error && !data) return <ErrorView page error={error} retry={() => void refetch()} />;
  if (!data) return <Bones rows={10} />;
  if (data.number !== number) {
    // The address named the record by a number that it had elsewhere.
    return (
      <Navigate
        to="/w/records/$type/$number"
        params={{ type: data.type, number: data.number }}
        search={search}
        replace
      />
    );
  }
  return <RecordView key={data.id} record={data} pack={pack} />;
}

function RecordView({ record, pack }: { record: WorkRecord; pack: Pack | undefined }) {
  const { t } = useTranslation('record');
  const router = useRouter();
  const { tab = 'journal' } = route.useSearch();
  // Once opened the form stays, hidden behind other tabs: edits are not lost by looking elsewhere.
  const [formOpen, setFormOpen] = useState(tab === 'form');
  if (tab === 'form' && !formOpen) setFormOpen(true);
  const actions = useActions(record, { reach: worksOn(record) });
  const presence = usePresence(record, worksOn(record));
  useSeen(record);
  const box = useRef<HTMLTextAreaElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const { data: files } = useQuery(attachmentsQuery(record.type, record.number));
  const assign = actions.get('assign');
  const toJournal = () =>
    router.navigate({
      to: '/w/records/$type/$number',
      params: { type: record.type, number: record.number },
      search: {},
      replace: true,
      resetScroll: false,
    });
  useHotkeys([
    { keys: 'c', label: t('key_comment'), run: () => void toJournal().then(() => box.current?.focus()) },
    { keys: 'a', label: t('key_assign'), run: () => assign && actions.start(assign) },
    { keys: 'e', label: t('key_outcome'), run: () => bar.current?.querySelector('button')?.focus() },
    { keys: 'u', label: t('key_back'), run: () => router.history.back() },
  ]);
  const { data: below } = useInfiniteQuery(childrenQuery(record.type, record.number));
  const family = below?.pages[0];
  const counts: Record<string, number | undefined> = {
    files: files?.items.length,
    links: family && family.children + family.duplicates,
  };
  return (
    <>
      <RecordHead record={record} pack={pack} actions={actions} bar={bar} />
      <div className={css.grid}>
        <div style={{ minWidth: 0 }}>
          <nav className={css.tabs} aria-label={t('tabs')} data-no-print>
            {tabs.map((it) => (
              <Link
                key={it}
                to="/w/records/$type/$number"
                params={{ type: record.type, number: record.number }}
                search={{ tab: it === 'journal' ? undefined : it }}
                replace
                resetScroll={false}
                activeOptions={{ exact: true, explicitUndefined: true }}
                activeProps={{ 'aria-current': tab === it ? 'page' : undefined }}
                inactiveProps={{ 'aria-current': tab === it ? 'page' : undefined }}
              >
                {t(`tab_${it}`)}
                {counts[it] ? ` ${counts[it]}` : ''}
              </Link>
            ))}
          </nav>
          {formOpen && (
            <div hidden={tab !== 'form'}>
              {pack ? <FormTab record={record} pack={pack} /> : <Bones rows={6} />}
            </div>
          )}
          <Suspense fallback={<Bones rows={6} />}>
            <TabBody
              tab={tab}
              record={record}
              pack={pack}
              actions={actions}
              journal={<JournalTab record={record} actions={actions} box={box} presence={presence} />}
            />
          </Suspense>
        </div>
        <aside aria-label={t('facts')}>
          <Presence others={presence.others} />
          <Checklists record={record} actions={actions} />
          <Facts record={record} pack={pack} actions={actions} />
        </aside>
      </div>
      {actions.dialog}
    </>
  );
}

function TabBody(props: {
  tab: string;
  record: WorkRecord;
  pack: Pack | undefined;
  actions: Actions;
  journal: ReactNode;
}) {
  const { tab, record, pack, actions, journal } = props;
  if (tab === 'form') return null;
  if (tab === 'flow') return <FlowTab record={record} pack={pack} />;
  if (tab === 'links') return <LinksTab record={record} actions={actions} />;
  if (tab === 'files') return <FilesTab record={record} />;
  return journal;
}

/** That somebody waits impatiently is seen by whoever opens the record. */
function Urged({ record }: { record: WorkRecord }) {
  const { t } = useTranslation('record');
  const { urge_count: count, urged_at: at } = record.fields;
  if (typeof count !== 'number' || count < 1) return null;
  return (
    <span className={css.urged}>
      {t('urged', { count })}
      {isInstant(at) && (
        <>
          {' · '}
          <TimeAgo at={new Date(at).toISOString()} />
        </>
      )}
    </span>
  );
}

interface HeadProps {
  record: WorkRecord;
  pack: Pack | undefined;
  actions: Actions;
  bar: React.Ref<HTMLDivElement>;
}

function RecordHead({ record, pack, actions, bar }: HeadProps) {
  const { t } = useTranslation('record');
  const turn = useTurn(record);
  const { data: me } = useQuery(meQuery);
  const [dialog, setDialog] = useState<'merge' | 'split' | 'readers'>();
  const linked = actions.get('link')?.enabled;
  const extras = [
    ...(linked && pack?.merge_reason && actions.get('cancel')?.enabled
      ? [{ key: 'merge', label: t('merge'), run: () => setDialog('merge') }]
      : []),
    ...(linked ? [{ key: 'split', label: t('split'), run: () => setDialog('split') }] : []),
    ...(me && may(me, 'access.read')
      ? [{ key: 'readers', label: t('readers'), run: () => setDialog('readers') }]
      : []),
  ];
  const priority = pack?.priorities.find((it) => it.key === record.priority)?.label;
  return (
    <header className={css.head} data-live={record.id}>
      <div>
        <Link
          to="/w/records/$type"
          params={{ type: record.type }}
          search={{}}
          className={css.back}
          data-no-print
        >
          <LeftIcon style={{ fontSize: 11 }} />
          {pack?.label ?? '…'}
        </Link>
        <div className={css.titleLine}>
          <h1>{record.title}</h1>
        </div>
      </div>
      <div className={css.signs}>
        <span className={css.number}>{record.number}</span>
        <Priority value={record.priority} label={priority} />
        <PhaseMark phase={record.phase} label={record.state_label} />
        <Urged record={record} />
        {record.reminders?.some((it) => it.overdue && it.kind === 'call_back') && (
          <span className={css.overdue}>{t('desk:overdue_call_back')}</span>
        )}
        <span className={css.turn}>
          {turn.open && <span className="dim">{t('desk:turn')} </span>}
          <strong>{turn.text}</strong>
        </span>
      </div>
      <ActionBar actions={actions} extras={extras} first={bar}>
        <Macros record={record} />
      </ActionBar>
      <Suspense fallback={null}>
        {dialog === 'merge' && <MergeDialog record={record} onClose={() => setDialog(undefined)} />}
        {dialog === 'readers' && <ReadersDialog record={record} onClose={() => setDialog(undefined)} />}
        {dialog === 'split' && <SplitDialog record={record} onClose={() => setDialog(undefined)} />}
      </Suspense>
    </header>
  );
}
