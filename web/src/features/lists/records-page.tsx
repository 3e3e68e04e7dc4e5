import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button } from 'antd';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { RefSelect } from '../../shared/form/ref-select';
import { filterOf, type ListSearch } from '../../shared/lib/list-search';
import { showOverlay } from '../../shared/lib/overlays';
import { meQuery, packQuery } from '../../shared/lib/queries';
import { ErrorView } from '../../shared/ui/error-view';
import { FileTextIcon } from '../../shared/ui/icons';
import { Empty, PageHead, useTitle } from '../../shared/ui/page';
import { FilterBar } from './filter-bar';
import { ListControls } from './list-controls';
import { columnsOf, groupOf, ListTools } from './list-tools';
import css from './lists.module.css';
import { RecordList, useListAnswer } from './record-list';
import { usePeek } from './use-peek';

const route = getRouteApi('/signed-in/w/records/$type');

export function RecordsPage() {
  const { t } = useTranslation('lists');
  const { type } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: pack, error } = useQuery(packQuery(type));
  const { data: me } = useSuspenseQuery(meQuery);
  const { columns, fields } = columnsOf(search, true);
  const filter = {
    ...filterOf(search),
    state: search.state === 'any' ? undefined : (search.state ?? 'open'),
    sort: search.sort ?? '-opened_at',
    fields,
  };
  const answer = useListAnswer(type, filter);
  const change = useCallback(
    (values: Partial<ListSearch>) =>
      void navigate({ search: (before) => ({ ...before, ...values }), replace: true }),
    [navigate],
  );
  const peek = usePeek(search.peek, navigate);
  const open = useCallback((next: ListSearch) => void navigate({ search: next, replace: true }), [navigate]);
  const filtered = Boolean(
    search.q || search.state || search.priority || search.assignee || search.team || search.filter,
  );
  const reset = () => void navigate({ search: {}, replace: true });
  useTitle(pack && t('all_records', { label: pack.label }));

  if (error) return <ErrorView page error={error} />;
  return (
    <>
      <PageHead title={pack ? t('all_records', { label: pack.label }) : ' '} answer={answer} />
      <ListControls narrowed={filtered}>
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
        <div className={css.filters}>
          <div className={css.assignee}>
            <RefSelect
              kind="teams"
              label={t('team')}
              placeholder={t('team')}
              value={search.team}
              onChange={(team) => change({ team })}
            />
          </div>
          <FilterBar search={search} pack={pack} onChange={change} onReset={filtered ? reset : undefined} />
        </div>
      </ListControls>
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
            <Empty icon={<FileTextIcon />} title={t('empty_list')} text={t('empty_list_text')}>
              <Button type="primary" onClick={() => showOverlay('log')}>
                {t('log')}
              </Button>
            </Empty>
          )
        }
      />
    </>
  );
}
