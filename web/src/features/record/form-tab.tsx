import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../api/error';
import type { Pack, WorkRecord } from '../../api/types';
import { type Conflict, ConflictDialog, inWords } from '../../shared/desk/conflict-dialog';
import { useRecordWrites } from '../../shared/desk/use-record-writes';
import {
  check,
  type FieldError,
  fieldsOf,
  fromPointers,
  type JsonSchema,
  type Values,
} from '../../shared/form/schema';
import { type FormLayout, SchemaForm } from '../../shared/form/schema-form';
import { keys } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import { commonSchema, difference, fromRecord } from './form-model';
import css from './record.module.css';

interface Edit {
  version: number;
  common: Values;
  own: Values;
}

/** The record's fields, open for editing; what others change meanwhile is shown, never overwritten. */
export function FormTab({ record, pack }: { record: WorkRecord; pack: Pack }) {
  const { t } = useTranslation('record');
  const { message } = App.useApp();
  const client = useQueryClient();
  const problem = useProblem();
  const writes = useRecordWrites(record);
  const common = useMemo(() => commonSchema(pack, t), [pack, t]);
  const own = pack.form as JsonSchema;
  const base = fromRecord(record, common, own);
  const [edit, setEdit] = useState<Edit>();
  const started = useRef(base);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const [conflict, setConflict] = useState<Conflict>();

  const shown = edit ?? { version: record.version, ...base };
  const changes = edit ? difference(started.current, edit) : { count: 0, body: {}, fields: {} };
  const change = (part: Partial<Edit>) => {
    if (!edit) started.current = base;
    setEdit({ ...shown, ...part });
  };
  const drop = () => {
    setEdit(undefined);
    setErrors([]);
    setConflict(undefined);
  };
  const labels = Object.fromEntries([...fieldsOf(common), ...fieldsOf(own)].map((it) => [it.name, it.title]));
  const mine = Object.fromEntries(
    [...fieldsOf(common), ...fieldsOf(own)].flatMap((it) => {
      if (!(it.name in changes.fields)) return [];
      const value = changes.fields[it.name];
      return [[it.name, it.options.find((option) => option.value === value)?.label ?? inWords(value)]];
    }),
  );

  const save = async (version = shown.version) => {
    const wrong = [...check(common, shown.common), ...check(own, shown.own)].filter(
      (it) => it.name in changes.fields || it.key !== 'required',
    );
    setErrors(wrong);
    if (wrong.length > 0) return;
    setBusy(true);
    try {
      await writes.patch(changes.body, version);
      drop();
      void message.success(t('saved'));
    } catch (error) {
      if (isStatus(error, 412)) {
        setConflict({
          meanwhile: error.problem.meanwhile ?? [],
          mine,
          labels,
          apply: () => save(error.problem.version),
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
  const form = { errors, disabled: busy };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (changes.count > 0) void save();
      }}
    >
      <div className={`card ${css.formCard}`}>
        <SchemaForm
          {...form}
          schema={common}
          layout={{ sections: [{ label: t('common_fields'), fields: Object.keys(common.properties ?? {}) }] }}
          values={shown.common}
          known={record as unknown as Record<string, unknown>}
          onChange={(values) => change({ common: values })}
        />
        <div style={{ height: 20 }} />
        <SchemaForm
          {...form}
          schema={own}
          layout={pack.form_ui as FormLayout}
          values={shown.own}
          known={record.fields}
          onChange={(values) => change({ own: values })}
        />
      </div>
      {changes.count > 0 && (
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
    </form>
  );
}
