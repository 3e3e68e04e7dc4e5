import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, isStatus } from '../../api/error';
import type { Action, RecordItem } from '../../api/types';
import type { Values } from '../form/schema';
import { keepDraft } from '../lib/draft';
import { actionsQuery, packQuery } from '../lib/queries';
import { useProblem } from '../lib/use-problem';
import { useSending } from '../lib/use-sending';
import { toast } from '../ui/toast';
import { actionDraft } from './action-draft';
import type { Conflict } from './conflict-dialog';
import { useRecordWrites } from './use-record-writes';

// Dialogs come when they are first needed: most people look at more lists than they change records.
const ActionDialog = lazy(() => import('./action-dialog').then((it) => ({ default: it.ActionDialog })));
const JobDialog = lazy(() => import('./job-dialog').then((it) => ({ default: it.JobDialog })));
const ConflictDialog = lazy(() => import('./conflict-dialog').then((it) => ({ default: it.ConflictDialog })));

const asks = (action: Action) =>
  Object.keys((action.schema as { properties?: object } | null)?.properties ?? {}).length > 0;

export interface Actions {
  items: Action[];
  get: (key: string) => Action | undefined;
  /** Run it, after asking for what it needs. */
  start: (action: Action) => void;
  /** Run it now with these values. */
  run: (action: Action, fields: Values) => Promise<void>;
  busy: string | undefined;
  dialog: ReactNode;
}

/** What somebody wants done. */
interface Wish {
  action: Action;
  fields: Values;
  withChildren: boolean;
}

interface Options {
  /** Told once the server has done it, with the record as it is then. */
  after?: (action: Action, record: RecordItem) => void;
  /** Whether dialogs say whom the action will reach. */
  reach?: boolean;
}

/** What can be done with a record now, and the dialogs that go with doing it. */
export function useActions(record: RecordItem, { after, reach }: Options = {}): Actions {
  const { t } = useTranslation('desk');
  const problem = useProblem();
  const { data } = useQuery(actionsQuery(record.type, record.number));
  const { data: pack } = useQuery(packQuery(record.type));
  const writes = useRecordWrites(record);
  const [open, setOpen] = useState<Action>();
  const { busy: sends, send } = useSending();
  const [sent, setSent] = useState<string>();
  const [conflict, setConflict] = useState<Conflict>();
  const [job, setJob] = useState<{ id: string; title: string }>();

  const attempt = useCallback(
    async (wish: Wish, version: number | undefined): Promise<void> => {
      const { action, fields, withChildren } = wish;
      try {
        const done = await writes.act(action.key, fields, version, withChildren);
        keepDraft(actionDraft(record, action.key), null);
        setOpen(undefined);
        setConflict(undefined);
        toast.success(t('done', { action: action.label }));
        if (done.children_job)
          setJob({ id: done.children_job, title: t('done_children', { action: action.label }) });
        after?.(action, done);
      } catch (error) {
        if (isStatus(error, 412)) {
          const { meanwhile, version: newer } = error.problem;
          // Only words were added meanwhile: nothing to weigh up.
          if (meanwhile?.length === 0 && newer && newer !== version) return attempt(wish, newer);
          setOpen(undefined);
          setConflict({
            meanwhile: meanwhile ?? [],
            mine: {},
            pack,
            action: action.label,
            apply: () => again.current(wish, newer ?? undefined),
            keep: () => {
              setConflict(undefined);
              void writes.settle();
            },
          });
          return;
        }
        if (error instanceof ApiError && error.status === 409) {
          setOpen(undefined);
          const open = error.problem.code === 'checklist_open' ? (error.problem.errors ?? []) : [];
          const steps = open.map((it) => it.message).join(t('common:comma'));
          toast.warning(steps ? t('checks_open', { steps }) : t('gone'));
          void writes.settle();
          return;
        }
        if (!isStatus(error, 422)) problem(error);
        throw error;
      }
    },
    [writes, t, problem, pack, after, record],
  );
  const go = useCallback(
    async (wish: Wish, version: number | undefined) => {
      await send(() => {
        setSent(wish.action.key);
        return attempt(wish, version);
      });
    },
    [send, attempt],
  );
  const again = useRef(go);
  again.current = go;
  const run = useCallback(
    (action: Action, fields: Values, withChildren = false) =>
      go({ action, fields, withChildren }, record.version),
    [go, record.version],
  );

  // Whoever fills in a dialog decides on the record that they saw when it opened: what others do meanwhile is told before it is passed over.
  const seen = useRef<number>(record.version);
  const runSeen = useCallback(
    (action: Action, fields: Values, withChildren = false) =>
      go({ action, fields, withChildren }, seen.current),
    [go],
  );

  const start = useCallback(
    (action: Action) => {
      if (!action.enabled) return;
      if (asks(action)) {
        seen.current = record.version;
        setOpen(action);
      } else void run(action, {}).catch((error) => isStatus(error, 422) && problem(error));
    },
    [run, problem, record.version],
  );
  const items = data?.items ?? [];
  return {
    items,
    get: (key) => items.find((it) => it.key === key),
    start,
    run,
    busy: sends ? sent : undefined,
    dialog: (
      <Suspense fallback={null}>
        {open && (
          <ActionDialog
            key={open.key}
            action={open}
            record={record}
            pack={pack}
            reach={reach}
            onRun={runSeen}
            family
            keeps
            onClose={() => setOpen(undefined)}
          />
        )}
        {conflict && <ConflictDialog conflict={conflict} />}
        {job && <JobDialog job={job.id} title={job.title} onClose={() => setJob(undefined)} />}
      </Suspense>
    ),
  };
}
