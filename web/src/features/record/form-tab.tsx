import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../api/error';
import type { Pack, WorkRecord } from '../../api/types';
import { type Conflict, ConflictDialog } from '../../shared/desk/conflict-dialog';
import { packLayout } from '../../shared/desk/pack-form';
import { useRecordWrites } from '../../shared/desk/use-record-writes';
import { useValueText } from '../../shared/desk/use-value-text';
import { useErrorFocus } from '../../shared/form/focus-first';
import { check, type FieldError, fromPointers, initial, type Values } from '../../shared/form/schema';
import { SchemaForm } from '../../shared/form/schema-form';
import { keepDraft, readDraft } from '../../shared/lib/draft';
import { keys } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import { LeaveDialog } from '../../shared/ui/leave-dialog';
import { toast } from '../../shared/ui/toast';
import { difference, editSchema, fixed, valuesOf, withFixed } from './form-model';
import css from './record.module.css';
import { hasEnded } from './unlink';

interface Edit {
  version: number;
  values: Values;
  /** The values as they were when editing began. */
  from: Values;
}

/** The record's fields, open for editing; what others change meanwhile is shown, never overwritten. */
export function FormTab({ record, pack }: { record: WorkRecord; pack: Pack }) {
  const { t } = useTranslation('record');
  const client = useQueryClient();
  const problem = useProblem();
  const inWords = useValueText(pack);
  const writes = useRecordWrites(record);
  const known = valuesOf(record);
  // Whoever may not change it is shown what stands there, and why they may not.
  const locked = record.can_edit === false;
  const schema = useMemo(() => {
    const whole = editSchema(pack, valuesOf(record));
    return locked ? fixed(whole) : whole;
  }, [pack, record, locked]);
  const base = initial(schema, known);
  const draft = `form.${record.type}.${record.number}`;
  const [edit, setEdit] = useState<Edit | undefined>(() => readDraft<Edit>(draft) ?? undefined);
  const from = edit?.from ?? base;
  const form = useRef<HTMLFormElement>(null);
  const [errors, setErrors] = useState<FieldError[]>([]);
  useErrorFocus(form, errors);
  const [busy, setBusy] = useState(false);
  const [conflict, setConflict] = useState<Conflict>();

  const shown = (!locked && edit) || { version: record.version, values: base, from: base };
  const changes = difference(from, shown.values);
  const change = (values: Values) => {
    const next = { ...shown, values };
    setEdit(next);
    keepDraft(draft, difference(from, values).count > 0 ? next : null);
  };
  const drop = () => {
    keepDraft(draft, null);
    setEdit(undefined);
    setErrors([]);
    setConflict(undefined);
  };
  const mine = Object.fromEntries(
    Object.entries(changes.fields).map(([name, value]) => [name, inWords(name, value)]),
  );

  const save = async (version = shown.version) => {
    const wrong = check(schema, shown.values).filter((it) => it.name in changes.fields);
    setErrors(wrong);
    if (wrong.length > 0) return;
    setBusy(true);
    try {
      await writes.patch(changes.body, version);
      drop();
      toast.success(t('saved'));
    } catch (error) {
      if (isStatus(error, 412)) {
        const { meanwhile = [], version: newer } = error.problem;
        // Only words were added meanwhile: nothing to weigh up.
        if (meanwhile.length === 0 && newer && newer !== version) return await save(newer);
        setConflict({
          meanwhile,
          mine,
          pack,
          apply: () => save(newer ?? undefined),
          keep: () => {
            drop();
            void client.invalidateQueries({ queryKey: keys.record(record.type, record.number) });
          },
        });
      } else if (isStatus(error, 422)) {
        setConflict(undefined);
        setErrors(fromPointers(error.problem.errors ?? []));
      } else problem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        if (changes.count > 0 && !locked) void save();
      }}
    >
      {locked && (
        <p className={`dim small ${css.locked}`} role="note">
          {t(hasEnded(record.phase) ? 'form_ended' : 'form_no_right')}
        </p>
      )}
      <div className={`card ${css.formCard}`}>
        <SchemaForm
          schema={schema}
          layout={packLayout(pack)}
          values={withFixed(schema, shown.values, base)}
          known={known}
          errors={errors}
          disabled={busy}
          onChange={change}
        />
      </div>
      {changes.count > 0 && !locked && (
        <div className={css.saveBar} role="status">
          <span className="dim small">
            {edit && record.version > edit.version ? t('newer_anon') : t('edited_hint')}
          </span>
          <span className={css.end}>
            <Button onClick={drop} disabled={busy}>
              {t('discard')}
            </Button>
            <Button type="primary" htmlType="submit" loading={busy}>
              {t('save', { count: changes.count })}
            </Button>
          </span>
        </div>
      )}
      {conflict && <ConflictDialog conflict={conflict} />}
      <LeaveDialog unsaved={changes.count > 0 && !locked} onDiscard={drop} />
    </form>
  );
}
