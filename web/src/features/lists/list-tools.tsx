import { Badge, Button, Segmented, Select } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Me, Pack } from '../../api/types';
import { parse, size } from '../../shared/condition/condition';
import { isOwn, ownName, usual } from '../../shared/condition/fields';
import type { ListSearch } from '../../shared/lib/list-search';
import type { RecordFilter } from '../../shared/lib/queries';
import { ExportMenu } from './export-menu';
import type { GroupBy } from './kanban';
import css from './lists.module.css';
import { ViewPicker } from './view-picker';

const ConditionDrawer = lazy(() =>
  import('../../shared/condition/condition-drawer').then((it) => ({ default: it.ConditionDrawer })),
);
const ColumnsDrawer = lazy(() => import('./columns-drawer').then((it) => ({ default: it.ColumnsDrawer })));

/** By what a kanban can be divided. */
const groupings: GroupBy[] = ['state', 'phase', 'team', 'assignee'];

/** The columns of a list, in order, and the own fields that they need. */
export function columnsOf(search: ListSearch, withTeam: boolean): { columns: string[]; fields?: string } {
  const chosen = search.columns?.split(',').filter(Boolean);
  const time = search.sort?.includes('updated_at') ? 'updated_at' : 'opened_at';
  const columns = chosen?.length ? chosen : [...usual.filter((it) => withTeam || it !== 'team'), time];
  const own = columns.filter(isOwn).map(ownName);
  return { columns, fields: own.length > 0 ? own.join(',') : undefined };
}

export const groupOf = (search: ListSearch): GroupBy | undefined =>
  search.layout === 'kanban' ? (groupings.find((it) => it === search.group) ?? 'state') : undefined;

interface Props {
  me: Me;
  type: string;
  pack: Pack | undefined;
  search: ListSearch;
  filter: RecordFilter;
  columns: string[];
  onChange: (change: Partial<ListSearch>) => void;
  onOpen: (search: ListSearch) => void;
}

/** What is done with a list as a whole: saved lists, conditions, columns, the way it is laid out, files. */
export function ListTools({ me, type, pack, search, filter, columns, onChange, onOpen }: Props) {
  const { t } = useTranslation('lists');
  const [open, setOpen] = useState<'conditions' | 'columns'>();
  const tests = size(parse(search.filter));
  const group = groupOf(search);
  return (
    <div className={css.filters}>
      <ViewPicker me={me} type={type} search={search} onOpen={onOpen} />
      <Badge count={tests} size="small" color="var(--accent)">
        <Button onClick={() => setOpen('conditions')}>{t('conditions')}</Button>
      </Badge>
      {!group && (
        <Button data-action="columns" onClick={() => setOpen('columns')}>
          {t('columns')}
        </Button>
      )}
      <Segmented
        aria-label={t('layout')}
        value={group ? 'kanban' : 'list'}
        options={[
          { value: 'list', label: t('layout_list') },
          { value: 'kanban', label: t('layout_kanban') },
        ]}
        onChange={(layout) => onChange({ layout: layout === 'kanban' ? 'kanban' : undefined })}
      />
      {group && (
        <Select
          className={css.select}
          aria-label={t('group')}
          value={group}
          options={groupings.map((it) => ({ value: it, label: t(`group_${it}`) }))}
          onChange={(value: string) => onChange({ group: value })}
        />
      )}
      <ExportMenu type={type} filter={filter} columns={columns} />
      <Suspense fallback={null}>
        {open === 'conditions' && (
          <ConditionDrawer
            pack={pack}
            filter={search.filter}
            onApply={(value) => onChange({ filter: value })}
            onClose={() => setOpen(undefined)}
          />
        )}
        {open === 'columns' && (
          <ColumnsDrawer
            pack={pack}
            columns={columns}
            onApply={(value) => onChange({ columns: value.length > 0 ? value.join(',') : undefined })}
            onClose={() => setOpen(undefined)}
          />
        )}
      </Suspense>
    </div>
  );
}
