import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entry } from '../../api/types';
import { filterOf, type ListSearch } from '../../shared/lib/list-search';
import { directoryQuery, meQuery, packQuery, packsQuery } from '../../shared/lib/queries';
import { CoffeeIcon } from '../../shared/ui/icons';
import { Empty, PageHead, useTitle } from '../../shared/ui/page';
import { FilterBar } from './filter-bar';
import css from './lists.module.css';
import { RecordList, useListAnswer } from './record-list';

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
  // One's own teams together, unless one is chosen.
  const team = search.team ?? (me.teams.length > 0 ? 'mine' : undefined);
  const filter = {
    ...filterOf(search),
    team,
    state: search.state === 'any' ? undefined : (search.state ?? 'open'),
    sort: search.sort ?? '-opened_at',
  };
  const answer = useListAnswer(team ? type : '', filter);
  const change = useCallback(
    (values: Partial<ListSearch>) =>
      void navigate({ search: (before) => ({ ...before, ...values }), replace: true }),
    [navigate],
  );
  const peek = useCallback(
    (name: string | undefined) =>
      void navigate({ search: (before) => ({ ...before, peek: name }), replace: true, resetScroll: false }),
    [navigate],
  );
  const filtered = Boolean(search.q || search.state || search.priority || search.assignee);
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
        answer={team && [answer, duty && t('on_duty', { name: duty.label })].filter(Boolean).join(' · ')}
      />
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
        <FilterBar search={search} pack={pack} onChange={change} onReset={filtered ? reset : undefined} />
      </div>
      {team ? (
        <RecordList
          type={type}
          filter={filter}
          withTeam={team === 'mine' && me.teams.length > 1}
          peek={search.peek}
          onPeek={peek}
          empty={
            filtered ? (
              <Empty title={t('empty_filter')} text={t('empty_filter_text')}>
                <Button onClick={reset}>{t('reset')}</Button>
              </Empty>
            ) : (
              <Empty icon={<CoffeeIcon />} title={t('empty_queue')} text={t('empty_queue_text')} />
            )
          }
        />
      ) : (
        <div className="card">
          <Empty title={t('no_team')} text={t('no_team_text')} />
        </div>
      )}
    </>
  );
}
