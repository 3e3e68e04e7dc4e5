import { Button, Input, type InputRef, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Pack } from '../../api/types';
import { RefSelect } from '../../shared/form/ref-select';
import { useHotkeys } from '../../shared/lib/hotkeys';
import { useLevels } from '../../shared/lib/levels';
import { joined, type ListSearch, split } from '../../shared/lib/list-search';
import { useClearing } from '../../shared/ui/clearing';
import { SearchIcon } from '../../shared/ui/icons';
import css from './lists.module.css';

const phases = ['new', 'active', 'waiting', 'resolved', 'closed', 'cancelled'] as const;
/** The orders offered; the usual one stays out of the address. */
const sorts = [
  ['-opened_at', 'sort_new'],
  ['opened_at', 'sort_old'],
  ['-updated_at', 'sort_updated'],
  ['priority', 'sort_priority'],
  ['queue', 'sort_queue'],
] as const;

interface Props {
  search: ListSearch;
  pack: Pack | undefined;
  /** The order when none is chosen. */
  usual?: string;
  onChange: (change: Partial<ListSearch>) => void;
  onReset?: () => void;
}

export function FilterBar({ search, pack, usual = '-opened_at', onChange, onReset }: Props) {
  const { t } = useTranslation('lists');
  const clearing = useClearing();
  const [q, setQ] = useState(search.q ?? '');
  const box = useRef<InputRef>(null);
  useHotkeys([{ keys: 'f', label: t('key_filter'), run: () => box.current?.focus({ cursor: 'all' }) }]);
  useEffect(() => setQ(search.q ?? ''), [search.q]);
  useEffect(() => {
    if (q.trim() === (search.q ?? '')) return;
    const timer = setTimeout(() => onChange({ q: q.trim() || undefined }), 300);
    return () => clearTimeout(timer);
  }, [q, search.q, onChange]);

  const ofPhases = phases.map((it) => ({ value: it as string, label: t(`common:phase.${it}`) }));
  const own = pack?.states.map((it) => ({ value: it.key, label: it.label })) ?? ofPhases;
  const state = search.state ?? 'open';
  // An address may ask for phases, or for several at once.
  const isOffered = ['open', 'any', ...own.map((it) => it.value)].includes(state);
  const named = (key: string) => [...own, ...ofPhases].find((it) => it.value === key)?.label ?? key;
  const states = [
    { value: 'open', label: t('state_open') },
    { value: 'any', label: t('state_any') },
    ...(isOffered ? [] : [{ value: state, label: split(state).map(named).join(t('common:comma')) }]),
    { label: t('state'), options: own },
  ];
  const look = useLevels();
  const chosen = split(search.priority);
  const toggle = (key: string) =>
    onChange({
      priority: joined(chosen.includes(key) ? chosen.filter((it) => it !== key) : [...chosen, key].sort()),
    });
  return (
    <search className={css.filters}>
      <Input
        ref={box}
        className={css.q}
        allowClear={clearing}
        prefix={<SearchIcon className="dim" />}
        placeholder={t('filter_q')}
        aria-label={t('filter_q')}
        value={q}
        onChange={(event) => setQ(event.target.value)}
      />
      <Select
        className={css.select}
        aria-label={t('filter_state')}
        value={state}
        options={states}
        onChange={(state: string) => onChange({ state: state === 'open' ? undefined : state })}
        popupMatchSelectWidth={180}
      />
      <fieldset className={css.chips}>
        <legend className="visually-hidden">{t('filter_priority')}</legend>
        {(pack?.priorities ?? []).map((it) => (
          <button
            key={it.key}
            type="button"
            className={css.chip}
            aria-pressed={chosen.includes(it.key)}
            title={it.label}
            onClick={() => toggle(it.key)}
          >
            {look(it.key).short}
          </button>
        ))}
      </fieldset>
      <div className={css.assignee}>
        <RefSelect
          kind="users"
          label={t('filter_assignee')}
          placeholder={t('filter_assignee')}
          value={search.assignee}
          first={[{ value: 'me', label: t('assignee_me') }]}
          onChange={(assignee) => onChange({ assignee })}
        />
      </div>
      <Select
        className={css.select}
        aria-label={t('sort')}
        value={search.sort ?? usual}
        options={sorts.map(([value, label]) => ({ value, label: t(label) }))}
        onChange={(sort: string) => onChange({ sort: sort === usual ? undefined : sort })}
      />
      {onReset && (
        <Button type="text" onClick={onReset}>
          {t('reset')}
        </Button>
      )}
    </search>
  );
}
