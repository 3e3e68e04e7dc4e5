import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Modal, Switch } from 'antd';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import { ApiError, isStatus } from '../../api/error';
import type { DecisionTable, Pack, TableRehearsal } from '../../api/types';
import { useProblem } from '../../shared/lib/use-problem';
import { useSending } from '../../shared/lib/use-sending';
import { PlusIcon } from '../../shared/ui/icons';
import { LeaveDialog } from '../../shared/ui/leave-dialog';
import { toast } from '../../shared/ui/toast';
import { faultsOf, faultWords, freshId, moved, type Rule } from './cell';
import { Rehearsed } from './rehearsed';
import { RuleRow } from './rule-row';
import css from './tables.module.css';

interface Props {
  type: string;
  pack: Pack;
  table: DecisionTable;
  version: number;
}

const nothing = { cells: new Map<string, string>(), cases: [] as string[], whole: [] as string[] };

export function TableEditor({ type, pack, table: newest, version: newestVersion }: Props) {
  const { t } = useTranslation('tables');
  const id = useId();
  const problem = useProblem();
  const client = useQueryClient();
  const { busy, send } = useSending();
  // What the rows were made from. A version that somebody else publishes meanwhile takes nothing away that was typed here.
  const [from, setFrom] = useState({ table: newest, version: newestVersion });
  const { table, version } = from;
  const [rules, setRules] = useState<Rule[]>(table.rules as Rule[]);
  const [plain, setPlain] = useState(false);
  const [faults, setFaults] = useState(nothing);
  const [told, setTold] = useState<TableRehearsal>();
  const changed = JSON.stringify(rules) !== JSON.stringify(table.rules);
  const isOld = newestVersion > version;
  const takeNewest = () => {
    setFrom({ table: newest, version: newestVersion });
    setRules(newest.rules as Rule[]);
    setFaults(nothing);
    setTold(undefined);
  };
  if (isOld && !changed) takeNewest();
  const grid = useRef<HTMLDivElement>(null);
  // A fault may lie far above the button that found it.
  useEffect(() => {
    if (faults.cells.size > 0) grid.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [faults]);
  const change = (next: Rule[]) => {
    setRules(next);
    setFaults(nothing);
    setTold(undefined);
  };
  const path = { type, table: table.key };
  const refused = (error: unknown) => {
    if (error instanceof ApiError && isStatus(error, 422))
      setFaults(faultsOf(error.problem.errors ?? [], (it) => faultWords(it, t)));
    else problem(error);
  };
  const rehearse = () =>
    send(async () => {
      try {
        const body = { rules };
        setTold(
          await call<TableRehearsal>(
            api.POST('/api/v1/packs/{type}/tables/{table}/rehearse', {
              params: { path },
              body: body as never,
            }),
          ),
        );
        setFaults(nothing);
      } catch (error) {
        refused(error);
      }
    });
  const publish = (accept: string[]) =>
    send(async () => {
      try {
        const header = { 'If-Match': `"${version}"` };
        const done = await call<{ version: number }>(
          api.PUT('/api/v1/packs/{type}/tables/{table}', {
            params: { path, header },
            body: { rules, accept } as never,
          }),
        );
        toast.success(t('published', { version: done.version }));
        setFrom({ table: { ...table, rules: rules as DecisionTable['rules'] }, version: done.version });
        setFaults(nothing);
        await Promise.all([
          client.invalidateQueries({ queryKey: ['tables', type] }),
          client.invalidateQueries({ queryKey: ['packs'] }),
        ]);
      } catch (error) {
        refused(error);
      }
    });
  const put = (at: number, rule: Rule) => change(rules.map((it, index) => (index === at ? rule : it)));
  return (
    <>
      <section className="card" aria-label={table.name}>
        {faults.whole.map((it) => (
          <Alert key={it} type="error" showIcon title={it} />
        ))}
        {isOld && changed && (
          <Alert
            type="warning"
            showIcon
            title={t('newer', { version: newestVersion })}
            action={
              <Button size="small" onClick={takeNewest}>
                {t('take_newest')}
              </Button>
            }
          />
        )}
        <div ref={grid} className={css.wrap}>
          <table className={css.rules}>
            <thead>
              <tr>
                <th scope="col">#</th>
                {table.inputs.map((it) => (
                  <th key={it.id} scope="col">
                    {it.label}
                  </th>
                ))}
                {table.outputs.map((it, index) => (
                  <th key={it.id} scope="col" className={index === 0 ? css.gives : undefined}>
                    → {it.label}
                  </th>
                ))}
                <th scope="col">{t('says')}</th>
                <th scope="col">
                  <span className="visually-hidden">{t('acts')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rules.map((rule, at) => (
                <RuleRow
                  key={rule._id}
                  pack={pack}
                  table={table}
                  rule={rule}
                  place={at}
                  last={at === rules.length - 1}
                  plain={plain}
                  faults={faults.cells}
                  onChange={(next) => put(at, next)}
                  onMove={(by) => change(moved(rules, at, by))}
                  onRemove={() => change(rules.filter((_, index) => index !== at))}
                />
              ))}
            </tbody>
          </table>
        </div>
        <div className={css.foot}>
          <Button
            icon={<PlusIcon />}
            onClick={() => change([...rules, { _id: freshId(rules), _description: '' }])}
          >
            {t('add')}
          </Button>
          <span>
            <Switch id={`${id}-plain`} size="small" checked={plain} onChange={setPlain} />{' '}
            <label htmlFor={`${id}-plain`}>{t('expression')}</label>
          </span>
          {changed && (
            <Button disabled={busy} onClick={() => change(table.rules as Rule[])}>
              {t('discard')}
            </Button>
          )}
          <Button disabled={busy} onClick={() => void rehearse()}>
            {t('rehearse')}
          </Button>
          <Button
            type="primary"
            disabled={!changed || busy || isOld}
            title={isOld ? t('newer', { version: newestVersion }) : changed ? undefined : t('unchanged')}
            onClick={() => void publish([])}
          >
            {t('publish', { version: version + 1 })}
          </Button>
        </div>
      </section>
      {told && <Rehearsed type={type} table={table} rules={rules} pack={pack} told={told} />}
      <Modal
        open={faults.cases.length > 0}
        title={t('cases_title')}
        okText={t('cases_go')}
        cancelText={t('cases_back')}
        okButtonProps={{ loading: busy }}
        onOk={() => void publish(faults.cases)}
        onCancel={() => setFaults(nothing)}
      >
        <p>{t('cases_text')}</p>
        <ul className={css.cases}>
          {faults.cases.map((it) => (
            <li key={it}>{it}</li>
          ))}
        </ul>
      </Modal>
      <LeaveDialog unsaved={changed} onDiscard={() => change(table.rules as Rule[])} />
    </>
  );
}
