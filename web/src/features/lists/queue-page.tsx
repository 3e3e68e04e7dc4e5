import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useCallback, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entry } from '../../api/types';
import { may } from '../../shared/lib/admin-pages';
import { filterOf, type ListSearch } from '../../shared/lib/list-search';
import { usePreferences } from '../../shared/lib/preferences';
import { directoryQuery, meQuery, packQuery, packsQuery, viewsQuery } from '../../shared/lib/queries';
import { CoffeeIcon } from '../../shared/ui/icons';
import { Empty, PageHead, useTitle } from '../../shared/ui/page';
import { ClaimButton } from './claim-button';
import { FilterBar } from './filter-bar';
import { ListControls } from './list-controls';
import { columnsOf, groupOf, ListTools } from './list-tools';
import css from './lists.module.css';
import { QueueCounters } from './queue-counters';
import { RecordList, useListAnswer } from './record-list';
import { usePeek } from './use-peek';
import { searchOf } from './view-search';

const route = getRouteApi('/signed-in/w/queue');

export function QueuePage() {
  const { t } = useTranslation('lists');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: me } = useSuspenseQuery(meQuery);
  const { data: packs } = useQuery(packsQuery);
  const type = search.type ?? packs?.items[0]?.key ?? '';
  const { data: pack } = useQuery(packQuery(type));
  const { data: teams } = useQuery(directoryQuery('teams', '', 200));
  const mayTeam = may(me, 'team.write');
  const all = pack && (
    <Link to="/w/records/$type" params={{ type }} search={{}}>
      {t('all_records', { label: pack.label })}
    </Link>
  );
  // One's own teams together, unless one is chosen.
  const team = search.team ?? (me.teams.length > 0 ? 'mine' : undefined);
  const { columns, fields } = columnsOf(search, team === 'mine' && me.teams.length > 1);
  const filter = {
    ...filterOf(search),
    team,
    state: search.state === 'any' ? undefined : (search.state ?? 'open'),
    // The order of a queue knows open records alone.
    sort: search.sort ?? (search.state === undefined || search.state === 'open' ? 'queue' : '-opened_at'),
    fields,
  };
  const answer = useListAnswer(team ? type : '', filter, team === 'mine');
  const change = useCallback(
    (values: Partial<ListSearch>) =>
      void navigate({ search: (before) => ({ ...before, ...values }), replace: true }),
    [navigate],
  );
  const peek = usePeek(search.peek, navigate);
  const open = useCallback((next: ListSearch) => void navigate({ search: next, replace: true }), [navigate]);
  // Whoever comes without an address begins with the list of their choice.
  const { start } = usePreferences();
  const { data: views } = useQuery({ ...viewsQuery, enabled: start !== null });
  const bare = useMemo(() => Object.keys(search).length === 0, [search]);
  const first = bare ? views?.items.find((it) => it.id === start) : undefined;
  useEffect(() => {
    if (first) open({ ...searchOf(first), type: first.type });
  }, [first, open]);
  const filtered = Boolean(search.q || search.state || search.priority || search.assignee || search.filter);
  const reset = () =>
    void navigate({ search: ({ team: kept, type: shown }) => ({ team: kept, type: shown }), replace: true });
  const mine = new Set(me.teams.map((it) => it.key));
  const others = (teams?.items ?? []).filter((it) => !mine.has(it.key));
  const here = (teams?.items ?? []).find((it) => it.key === team);
  const duty = (here as Entry | undefined)?.duty;
  useTitle(here ? `${t('queue')} · ${here.label}` : t('queue'));

  return (
    <>
      <PageHead
        title={t('queue')}
        answer={
          team && (
            <>
              {team === 'mine' && <QueueCounters />}
              {[answer, duty && t('on_duty', { name: duty.label })].filter(Boolean).join(' · ')}
            </>
          )
        }
        tools={me.teams.length > 0 && <ClaimButton type={type} />}
      />
      <ListControls narrowed={filtered}>
        {team && (
          <ListTools
            me={me}
            type={type}
            pack={pack}
            search={search}
            filter={filter}
            columns={columns}
            onChange={change}
            onOpen={open}
          />
        )}
        <div className={css.filters}>
          <Select
            className={css.team}
            showSearch={{ optionFilterProp: 'label' }}
            aria-label={t('team')}
            placeholder={t('team')}
            value={team}
            popupMatchSelectWidth={220}
            options={[
              ...(me.teams.length > 0 ? [{ value: 'mine', label: t('my_teams') }] : []),
              ...[...me.teams, ...others].map((it) => ({ value: it.key, label: it.label })),
            ]}
            onChange={(value: string) => change({ team: value })}
          />
          {(packs?.items.length ?? 0) > 1 && (
            <Select
              className={css.select}
              aria-label={t('type')}
              value={type}
              options={packs?.items.map((it) => ({ value: it.key, label: it.label }))}
              onChange={(value: string) => change({ type: value, state: undefined })}
            />
          )}
          <FilterBar
            search={search}
            pack={pack}
            usual="queue"
            onChange={change}
            onReset={filtered ? reset : undefined}
          />
        </div>
      </ListControls>
      {team ? (
        <RecordList
          type={type}
          filter={filter}
          columns={columns}
          kanban={groupOf(search)}
          peek={search.peek}
          onPeek={peek}
          empty={
            filtered ? (
              <Empty title={t('empty_filter')} text={t('empty_filter_text')}>
                <Button onClick={reset}>{t('reset')}</Button>
              </Empty>
            ) : (
              <Empty icon={<CoffeeIcon />} title={t('empty_queue')} text={t('empty_queue_text')}>
                {all}
              </Empty>
            )
          }
        />
      ) : (
        <div className="card">
          <Empty title={t('no_team')} text={t(mayTeam ? 'no_team_yours' : 'no_team_text')}>
            {mayTeam ? (
              <Link to="/w/admin/$kind" params={{ kind: 'teams' }} search={{}}>
                {t('to_teams')}
              </Link>
            ) : (
              all
            )}
          </Empty>
        </div>
      )}
    </>
  );
}
