import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Input, InputNumber, Select } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Rehearsal } from '../../api/types';
import { Considered, useChoiceText } from '../../shared/desk/choice';
import { RefSelect } from '../../shared/form/ref-select';
import { packsQuery } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import table from '../../shared/table/table.module.css';
import { BranchesIcon } from '../../shared/ui/icons';
import { Bones, Empty, PageHead, useTitle } from '../../shared/ui/page';
import css from './admin.module.css';

interface Wish {
  type?: string;
  numbers: string[];
  team?: string;
  since?: string;
  tryTeam?: string;
  mode: 'queue' | 'load';
  capacity?: number;
}

/** What the server is asked: records by number or by filter, and one team that would give out its work otherwise. */
function bodyOf(wish: Wish, type: string) {
  const query = {
    ...(wish.team ? { team: wish.team } : {}),
    ...(wish.since ? { opened_after: new Date(`${wish.since}T00:00:00`).toISOString() } : {}),
  };
  const byNumber = wish.numbers.length > 0;
  return {
    type,
    ...(byNumber ? { numbers: wish.numbers } : {}),
    ...(!byNumber && Object.keys(query).length > 0 ? { query } : {}),
    ...(wish.tryTeam
      ? { teams: { [wish.tryTeam]: { dispatch: wish.mode, capacity: wish.capacity ?? null } } }
      : {}),
  };
}

/** Tries on past records where tables and teams would send them now, with the reason beside each. */
export function DispatchPage() {
  const { t } = useTranslation('admin');
  const problem = useProblem();
  const id = useId();
  const { data: packs } = useQuery(packsQuery);
  const [wish, setWish] = useState<Wish>({ numbers: [], mode: 'load' });
  const set = (change: Partial<Wish>) => setWish((before) => ({ ...before, ...change }));
  const type = wish.type ?? packs?.items[0]?.key;
  useTitle(t('dispatch'));
  const run = useMutation({
    mutationFn: (body: ReturnType<typeof bodyOf>) =>
      call<Rehearsal>(api.POST('/api/v1/dispatch/rehearse', { body: body as never })),
    onError: problem,
  });
  const byNumber = wish.numbers.length > 0;
  return (
    <>
      <PageHead title={t('dispatch')} answer={t('dispatch_answer')} />
      <form
        id={`${id}-form`}
        className={`card ${css.bench}`}
        onSubmit={(event) => {
          event.preventDefault();
          if (type && !run.isPending) run.mutate(bodyOf(wish, type));
        }}
      >
        {packs && packs.items.length > 1 && (
          <div>
            <label htmlFor={`${id}-type`}>{t('dispatch_type')}</label>
            <Select
              id={`${id}-type`}
              style={{ width: '100%' }}
              value={type}
              options={packs.items.map((it) => ({ value: it.key, label: it.label }))}
              onChange={(next) => set({ type: next })}
            />
          </div>
        )}
        <div>
          <label htmlFor={`${id}-numbers`}>{t('dispatch_numbers')}</label>
          <Select
            id={`${id}-numbers`}
            mode="tags"
            open={false}
            suffixIcon={null}
            style={{ width: '100%' }}
            tokenSeparators={[' ', ',', '，', '、', '\n']}
            maxCount={200}
            value={wish.numbers}
            onChange={(numbers: string[]) => set({ numbers: numbers.map((it) => it.trim().toUpperCase()) })}
          />
        </div>
        <div>
          <label htmlFor={`${id}-team`}>{t('dispatch_team')}</label>
          <RefSelect
            id={`${id}-team`}
            kind="teams"
            disabled={byNumber}
            value={wish.team}
            onChange={(team) => set({ team })}
          />
        </div>
        <div>
          <label htmlFor={`${id}-since`}>{t('dispatch_since')}</label>
          <Input
            id={`${id}-since`}
            type="date"
            disabled={byNumber}
            value={wish.since ?? ''}
            onChange={(event) => set({ since: event.target.value || undefined })}
          />
        </div>
        <div>
          <label htmlFor={`${id}-try`}>{t('dispatch_try_team')}</label>
          <RefSelect
            id={`${id}-try`}
            kind="teams"
            value={wish.tryTeam}
            onChange={(tryTeam) => set({ tryTeam })}
          />
        </div>
        <div>
          <label htmlFor={`${id}-mode`}>{t('dispatch_try_mode')}</label>
          <Select
            id={`${id}-mode`}
            style={{ width: '100%' }}
            disabled={!wish.tryTeam}
            value={wish.mode}
            options={[
              { value: 'load', label: t('dispatch_load') },
              { value: 'queue', label: t('dispatch_queue') },
            ]}
            onChange={(mode: Wish['mode']) => set({ mode })}
          />
        </div>
        <div>
          <label htmlFor={`${id}-capacity`}>{t('dispatch_try_capacity')}</label>
          <InputNumber
            controls={false}
            id={`${id}-capacity`}
            style={{ width: '100%' }}
            min={1}
            max={1000}
            precision={0}
            disabled={!wish.tryTeam || wish.mode !== 'load'}
            value={wish.capacity ?? null}
            onChange={(capacity) => set({ capacity: capacity ?? undefined })}
          />
        </div>
        <div className={css.wholeLine}>
          <Button type="primary" htmlType="submit" disabled={!type} loading={run.isPending}>
            {t('dispatch_run')}
          </Button>
        </div>
      </form>
      <div className={`card ${table.wrap}`}>
        {run.isPending && <Bones rows={8} />}
        {!run.isPending && !run.data && (
          <Empty icon={<BranchesIcon />} title={t('dispatch_empty')} text={t('dispatch_empty_text')}>
            <Button form={`${id}-form`} htmlType="submit" disabled={!type}>
              {t('dispatch_run')}
            </Button>
          </Empty>
        )}
        {!run.isPending && run.data && <Result told={run.data} type={run.variables.type} />}
      </div>
    </>
  );
}

function Result({ told, type }: { told: Rehearsal; type: string }) {
  const { t } = useTranslation('admin');
  return (
    <>
      <div className={css.totals} role="status">
        <span>
          {t('dispatch_same')} <b>{told.same}</b>
        </span>
        <span>
          {t('dispatch_different')} <b>{told.different}</b>
        </span>
        {told.undecided > 0 && (
          <span>
            {t('dispatch_undecided')} <b>{told.undecided}</b>
          </span>
        )}
        {told.by_team.map((it) => (
          <span key={it.team.key} className="dim">
            {it.team.label} {it.in_truth} → {it.by_rules}
          </span>
        ))}
        {told.more && <span className="dim">{t('dispatch_more', { count: told.items.length })}</span>}
        {told.unknown.length > 0 && (
          <span className={css.bad}>
            {t('dispatch_unknown', { numbers: told.unknown.join(t('common:comma')) })}
          </span>
        )}
      </div>
      {told.items.length === 0 ? (
        <Empty title={t('dispatch_none')} text={t('dispatch_none_text')} />
      ) : (
        <Cases told={told} type={type} />
      )}
    </>
  );
}

function Cases({ told, type }: { told: Rehearsal; type: string }) {
  const { t } = useTranslation('admin');
  const nothing = <span className="dim">—</span>;
  return (
    <table className={`${table.table} ${css.cases}`}>
      <thead>
        <tr>
          <th scope="col">{t('dispatch_record')}</th>
          <th scope="col">{t('dispatch_by_rule')}</th>
          <th scope="col" className={table.wide}>
            {t('dispatch_first')}
          </th>
          <th scope="col">{t('dispatch_last')}</th>
          <th scope="col" className={table.wide}>
            {t('dispatch_person')}
          </th>
        </tr>
      </thead>
      <tbody>
        {told.items.map((it) => (
          <tr key={it.number}>
            <td className={css.cell} title={it.title}>
              <Link
                to="/w/records/$type/$number"
                params={{ type, number: it.number }}
                search={{}}
                className="mono"
              >
                {it.number}
              </Link>{' '}
              {it.title}
            </td>
            <td className={css.because}>
              <b className={it.same ? undefined : css.ended}>{it.team?.label ?? nothing}</b>
              <Because of={it} />
            </td>
            <td className={table.wide}>{it.first?.label ?? nothing}</td>
            <td>
              {it.last?.label ?? nothing}
              {it.assignee && <span className="dim"> {it.assignee.label}</span>}
            </td>
            <td className={`${table.wide} ${css.because}`}>{it.choice ? <Who of={it.choice} /> : nothing}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The row that hit, and what it read. */
function Because({ of }: { of: Rehearsal['items'][number] }) {
  const { t } = useTranslation('admin');
  if (of.rows.length === 0) return null;
  const rows = of.rows.map((it) => it.description || (it.row ? t('dispatch_row', { row: it.row }) : it.id));
  return (
    <div className="dim small">
      {of.rows
        .map((it) => it.row && t('dispatch_row', { row: it.row }))
        .filter(Boolean)
        .join(' · ')}{' '}
      {rows.join(' · ')}
      <div>{of.inputs.map((it) => `${it.label} ${it.value_label}`).join(' · ')}</div>
    </div>
  );
}

function Who({ of }: { of: NonNullable<Rehearsal['items'][number]['choice']> }) {
  const inWords = useChoiceText();
  if (of.considered.length === 0) return <span className="dim">{inWords(of)}</span>;
  return (
    <details>
      <summary>{of.person?.label ?? inWords(of)}</summary>
      <Considered choice={of} />
    </details>
  );
}
