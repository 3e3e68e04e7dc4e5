import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Dropdown, Input, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Me, View } from '../../api/types';
import { filterOf, type ListSearch } from '../../shared/lib/list-search';
import { preferences, usePreferences } from '../../shared/lib/preferences';
import { countersQuery, directoryQuery, viewsQuery } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import { useClearing } from '../../shared/ui/clearing';
import { DownIcon } from '../../shared/ui/icons';
import { toast } from '../../shared/ui/toast';
import css from './lists.module.css';
import { searchOf } from './view-search';

interface Props {
  me: Me;
  type: string;
  search: ListSearch;
  onOpen: (search: ListSearch) => void;
}

/** What is saved of the list as it stands in the address. */
function bodyOf(type: string, search: ListSearch) {
  const { filter, sort, ...query } = filterOf(search);
  return {
    type,
    query,
    filter: filter ? (JSON.parse(filter) as unknown) : null,
    columns: search.columns ? search.columns.split(',') : [],
    sort: sort ?? null,
    layout: search.layout ?? 'list',
    group: search.group ?? null,
  };
}

/** The saved lists: opens one, saves the present one, shares it, makes it the start. */
export function ViewPicker({ me, type, search, onOpen }: Props) {
  const { t } = useTranslation('lists');
  const clearing = useClearing();
  const problem = useProblem();
  const client = useQueryClient();
  const { start } = usePreferences();
  const { data } = useQuery(viewsQuery);
  const { data: counters } = useQuery(countersQuery);
  const [naming, setNaming] = useState(false);
  const [sharing, setSharing] = useState(false);
  const views = (data?.items ?? []).filter((it) => it.type === type);
  const here = views.find((it) => it.id === search.view);
  const changed =
    here &&
    JSON.stringify(searchOf(here)) !== JSON.stringify(searchOf({ ...here, ...bodyOf(type, search) } as View));
  const mayShare = me.actions.some((it) => it === '*' || it === 'view.share');
  const count = (id: string) => counters?.views.find((it) => it.id === id)?.open;
  const label = (it: View) => {
    const open = count(it.id);
    return open === null || open === undefined ? it.label : `${it.label} (${open})`;
  };
  const refresh = () => client.invalidateQueries({ queryKey: ['views'] });
  const run = async (work: () => Promise<unknown>, said: string) => {
    try {
      await work();
      await refresh();
      toast.success(said);
    } catch (error) {
      problem(error);
    }
  };
  const patch = (view: View, body: object) =>
    call(
      api.PATCH('/api/v1/views/{id}', {
        params: { path: { id: view.id }, header: { 'If-Match': `"${view.version}"` } },
        body: body as never,
      }),
    );
  const save = () => here && run(() => patch(here, bodyOf(type, search)), t('view_saved'));
  const create = (name: string) =>
    run(async () => {
      const made = await call<View>(
        api.POST('/api/v1/views', { body: { label: name, ...bodyOf(type, search) } as never }),
      );
      setNaming(false);
      onOpen({ ...search, view: made.id });
    }, t('view_saved'));
  const remove = () =>
    here &&
    run(async () => {
      await call(api.DELETE('/api/v1/views/{id}', { params: { path: { id: here.id } } }));
      if (start === here.id) preferences.set({ start: null });
      onOpen({ type: search.type });
    }, t('view_removed'));
  const mine = views.filter((it) => it.owner?.id === me.id);
  const theirs = views.filter((it) => it.owner?.id !== me.id);
  const options = (list: View[]) => list.map((it) => ({ value: it.id, label: label(it) }));
  return (
    <>
      <Select
        className={css.view}
        aria-label={t('view')}
        placeholder={t('view')}
        value={here?.id}
        allowClear={clearing}
        popupMatchSelectWidth={260}
        notFoundContent={t('view_none')}
        options={[
          ...(mine.length > 0 ? [{ label: t('view_mine'), options: options(mine) }] : []),
          ...(theirs.length > 0 ? [{ label: t('view_shared'), options: options(theirs) }] : []),
        ]}
        onChange={(id: string | undefined) => {
          const view = views.find((it) => it.id === id);
          onOpen(view ? { ...searchOf(view), type: search.type } : { type: search.type });
        }}
      />
      {changed && here.can_change && <Button onClick={() => void save()}>{t('view_save')}</Button>}
      <Dropdown
        trigger={['click']}
        menu={{
          onClick: ({ key }) => {
            if (key === 'as') setNaming(true);
            if (key === 'share') setSharing(true);
            if (key === 'start') preferences.set({ start: start === here?.id ? null : (here?.id ?? null) });
            if (key === 'remove') void remove();
          },
          items: [
            { key: 'as', label: t('view_save_as') },
            { key: 'share', label: t('view_share'), disabled: !here?.can_change || !mayShare },
            {
              key: 'start',
              label: t(here && start === here.id ? 'view_start_no' : 'view_start'),
              disabled: !here,
            },
            { key: 'remove', label: t('view_remove'), disabled: !here?.can_change, danger: true },
          ],
        }}
      >
        <Button aria-haspopup="menu" icon={<DownIcon />} iconPlacement="end">
          {t('view_menu')}
        </Button>
      </Dropdown>
      {naming && <NameDialog onSave={create} onClose={() => setNaming(false)} />}
      {sharing && here && (
        <ShareDialog
          view={here}
          onSave={(shared) =>
            run(async () => {
              await patch(here, { shared });
              setSharing(false);
            }, t('view_saved'))
          }
          onClose={() => setSharing(false)}
        />
      )}
    </>
  );
}

function NameDialog({ onSave, onClose }: { onSave: (name: string) => Promise<void>; onClose: () => void }) {
  const { t } = useTranslation('lists');
  const [name, setName] = useState('');
  return (
    <Modal
      open
      title={t('view_save_as')}
      okText={t('view_save')}
      cancelText={t('common:back')}
      okButtonProps={{ disabled: !name.trim() }}
      onOk={() => void onSave(name.trim())}
      onCancel={onClose}
    >
      <Input
        autoFocus
        aria-label={t('view_name')}
        placeholder={t('view_name')}
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onPressEnter={() => name.trim() && void onSave(name.trim())}
      />
    </Modal>
  );
}

function ShareDialog(props: { view: View; onSave: (shared: unknown) => Promise<void>; onClose: () => void }) {
  const { t } = useTranslation('lists');
  const { shared } = props.view;
  const [how, setHow] = useState(shared ? (shared.everybody ? 'everybody' : 'teams') : 'nobody');
  const [teams, setTeams] = useState(shared?.teams.map((it) => it.key) ?? []);
  const { data } = useQuery(directoryQuery('teams', '', 200));
  const value = how === 'nobody' ? null : how === 'everybody' ? { everybody: true } : { teams };
  return (
    <Modal
      open
      title={t('view_share')}
      okText={t('view_share_do')}
      cancelText={t('common:back')}
      okButtonProps={{ disabled: how === 'teams' && teams.length === 0 }}
      onOk={() => void props.onSave(value)}
      onCancel={props.onClose}
    >
      <Radio.Group
        value={how}
        onChange={(event) => setHow(event.target.value as string)}
        options={['nobody', 'teams', 'everybody'].map((it) => ({ value: it, label: t(`share_${it}`) }))}
      />
      {how === 'teams' && (
        <Select
          mode="multiple"
          style={{ width: '100%', marginTop: 8 }}
          aria-label={t('share_teams')}
          showSearch={{ optionFilterProp: 'label' }}
          value={teams}
          options={(data?.items ?? []).map((it) => ({ value: it.key, label: it.label }))}
          onChange={setTeams}
        />
      )}
    </Modal>
  );
}
