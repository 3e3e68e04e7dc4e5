import { useQuery } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { lazy, Suspense, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Pack } from '../../api/types';
import { size } from '../../shared/condition/condition';
import type { Values } from '../../shared/form/schema';
import type { EntryKind } from '../../shared/lib/queries';
import { packQuery, packsQuery } from '../../shared/lib/queries';
import { useClearing } from '../../shared/ui/clearing';
import { CheckSteps } from './check-steps';
import css from './kit-fields.module.css';
import { MacroSteps } from './macro-steps';

const ConditionDrawer = lazy(() =>
  import('../../shared/condition/condition-drawer').then((it) => ({ default: it.ConditionDrawer })),
);

/** The kinds whose entries are about records of one type. */
const aboutRecords: EntryKind[] = ['templates', 'macros', 'checklists'];
export const isKit = (kind: EntryKind) => aboutRecords.includes(kind);

/** What of an entry's values is edited here. */
export const kitOf = ({ type, filter, activities, outcomes, steps }: Values): Values =>
  Object.fromEntries(
    Object.entries({ type, filter, activities, outcomes, steps }).filter(([, it]) => it !== undefined),
  );

type Filled = { fields?: Values };

/** The same without fields of steps that nobody filled: an empty text would be no value, but a wrong one. */
export function filledSteps(kit: Values | undefined): Values | undefined {
  if (!Array.isArray(kit?.steps)) return kit;
  const filled = ({ fields, ...step }: Filled) =>
    fields
      ? { ...step, fields: Object.fromEntries(Object.entries(fields).filter(([, it]) => it !== '')) }
      : step;
  return { ...kit, steps: (kit.steps as Filled[]).map(filled) };
}

interface Props {
  kind: EntryKind;
  values: Values;
  onChange: (values: Values) => void;
}

/** What these entries have beside plain fields: the type of record, the condition, the steps. */
export function KitFields({ kind, values, onChange }: Props) {
  const { t } = useTranslation('admin');
  const clearing = useClearing();
  const id = useId();
  const { data: packs } = useQuery(packsQuery);
  const type = typeof values.type === 'string' ? values.type : undefined;
  const { data: pack } = useQuery(packQuery(type ?? ''));
  const set = (more: Values) => onChange({ ...values, ...more });
  const list = (name: string) => (Array.isArray(values[name]) ? (values[name] as string[]) : []);
  const choices = (items: { key: string; label: string }[] | undefined) =>
    (items ?? []).map((it) => ({ value: it.key, label: it.label }));
  return (
    <div className={css.fields}>
      <div>
        <label htmlFor={`${id}-type`}>{t('kit_type')}</label>
        <Select
          id={`${id}-type`}
          allowClear={kind === 'templates' && clearing}
          placeholder={t('kit_type_any')}
          value={type}
          options={choices(packs?.items)}
          onChange={(next?: string) =>
            set({ type: next ?? null, ...(next === type ? {} : { filter: null }) })
          }
        />
      </div>
      <Condition
        pack={type ? pack : undefined}
        filter={values.filter}
        onChange={(filter) => set({ filter })}
      />
      {kind === 'checklists' && (
        <>
          <div>
            <label htmlFor={`${id}-activities`}>{t('kit_activities')}</label>
            <Select
              id={`${id}-activities`}
              mode="multiple"
              value={list('activities')}
              options={choices(pack?.activities)}
              onChange={(activities: string[]) => set({ activities })}
            />
          </div>
          <div>
            <label htmlFor={`${id}-outcomes`}>{t('kit_outcomes')}</label>
            <Select
              id={`${id}-outcomes`}
              mode="multiple"
              placeholder={t('kit_outcomes_any')}
              value={list('outcomes')}
              options={choices(pack?.outcomes)}
              onChange={(outcomes: string[]) => set({ outcomes })}
            />
          </div>
          <CheckSteps steps={values.steps} onChange={(steps) => set({ steps })} />
        </>
      )}
      {kind === 'macros' && (
        <MacroSteps pack={pack} steps={values.steps} onChange={(steps) => set({ steps })} />
      )}
      {kind !== 'checklists' && (
        <details className={css.wide}>
          <summary>{t('kit_places')}</summary>
          <p className="dim small mono">
            {
              '{{record.number}} {{record.title}} {{requester.name}} {{service.name}} {{site.name}} {{team.name}}'
            }
            {' {{assignee.name}} {{me.name}} {{field.X}}'}
          </p>
          <p className="dim small">{t('kit_places_help')}</p>
        </details>
      )}
    </div>
  );
}

function Condition(props: { pack: Pack | undefined; filter: unknown; onChange: (filter: unknown) => void }) {
  const { t } = useTranslation('admin');
  const [open, setOpen] = useState(false);
  const { pack, filter, onChange } = props;
  const count = size(filter);
  return (
    <div>
      <span className={css.label}>{t('kit_condition')}</span>
      <Button disabled={!pack} onClick={() => setOpen(true)}>
        {count > 0 ? t('kit_condition_count', { count }) : t('kit_condition_none')}
      </Button>
      {open && (
        <Suspense fallback={null}>
          <ConditionDrawer
            pack={pack}
            filter={filter ? JSON.stringify(filter) : undefined}
            onApply={(next) => onChange(next ? JSON.parse(next) : null)}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </div>
  );
}
