import { Button, Modal } from 'antd';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../api/error';
import type { Meanwhile } from '../../api/types';
import { focusFirst, useErrorFocus } from '../../shared/form/focus-first';
import {
  blank,
  check,
  type FieldError,
  fieldsOf,
  fromPointers,
  homeless,
  type JsonSchema,
  type Values,
} from '../../shared/form/schema';
import { type FormLayout, SchemaForm, useErrorText } from '../../shared/form/schema-form';
import { useProblem } from '../../shared/lib/use-problem';
import { useSending } from '../../shared/lib/use-sending';
import { TimeAgo } from '../../shared/ui/time-ago';
import { toast } from '../../shared/ui/toast';
import css from './admin.module.css';

interface Props {
  title: string;
  schema: JsonSchema;
  layout?: FormLayout;
  /** The values as they were read; `version` is absent for what is new. */
  given: Values;
  known?: Values;
  version?: number;
  /** Something beside the fields is to be saved too. */
  dirty?: boolean;
  /** Sends what changed; rejects with what the server refused. */
  save: (changes: Values, version: number | undefined) => Promise<void>;
  /** Reads anew what others have changed. */
  reread: () => void;
  onClose: () => void;
  /** Stands at the left of the footer. */
  tools?: ReactNode;
  children?: ReactNode;
}

interface Conflict {
  meanwhile: Meanwhile[];
  version: number;
}

/** The fields whose values differ; what was emptied is sent as null, an emptied list as an empty one. */
export function changesOf(schema: JsonSchema, given: Values, values: Values): Values {
  const out: Values = {};
  for (const field of fieldsOf(schema, values)) {
    const [before, after] = [given[field.name], values[field.name]];
    if ((blank(before) && blank(after)) || JSON.stringify(before) === JSON.stringify(after)) continue;
    const words = typeof after === 'string' ? after.trim() : after;
    out[field.name] = blank(words) ? (Array.isArray(before) ? [] : null) : words;
  }
  return out;
}

/** One editor for people and every kind of entry: errors beside their fields, and what others changed meanwhile. */
export function EntryEditor(props: Props) {
  const { t } = useTranslation('admin');
  const problem = useProblem();
  const errorText = useErrorText();
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState<Values>(props.given);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [conflict, setConflict] = useState<Conflict>();
  const { busy, send: sendOnce } = useSending();
  useErrorFocus(form, errors);
  const lost = homeless(errors, props.schema, values);
  const titleOf = (name: string) => props.schema.properties?.[name]?.title ?? name;

  const send = async (version: number | undefined) => {
    const wrong = check(props.schema, values);
    setErrors(wrong);
    if (wrong.length > 0) return;
    const changes = changesOf(props.schema, props.given, values);
    if (version !== undefined && !props.dirty && Object.keys(changes).length === 0) return props.onClose();
    try {
      await sendOnce(async () => {
        await props.save(changes, version);
        toast.success(t('saved'));
        props.onClose();
      });
    } catch (error) {
      if (isStatus(error, 412)) {
        const { meanwhile = [], version: newest } = error.problem as {
          meanwhile?: Meanwhile[];
          version?: number;
        };
        setConflict({ meanwhile, version: newest ?? 0 });
      } else if (isStatus(error, 422)) {
        // `/members/0` is about the field `members`, `/label` about both names.
        const named = (error.problem.errors ?? []).map((it) => ({
          ...it,
          pointer: `/${it.pointer.split('/')[1]}`,
        }));
        setErrors(fromPointers(named).map((it) => (it.name === 'label' ? { ...it, name: 'label_zh' } : it)));
      } else problem(error);
    }
  };
  return (
    <Modal
      open
      width={720}
      style={{ top: 40 }}
      title={props.title}
      onCancel={props.onClose}
      afterOpenChange={(open) => open && focusFirst(form.current)}
      footer={
        <div className={css.footer}>
          <span>{props.tools}</span>
          <Button onClick={props.onClose}>{t('common:cancel')}</Button>
          <Button
            type="primary"
            loading={busy}
            disabled={conflict !== undefined}
            onClick={() => void send(props.version)}
          >
            {t(props.version === undefined ? 'create' : 'save')}
          </Button>
        </div>
      }
    >
      <form
        ref={form}
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void send(props.version);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send(props.version);
        }}
      >
        {conflict && (
          <div className={css.conflict} role="alert">
            <strong>{t('conflict')}</strong>
            <ul>
              {conflict.meanwhile.map((it) => (
                <li key={`${it.field}.${it.at}`}>
                  {it.actor ?? t('common:system')} · <TimeAgo at={it.at} /> · {titleOf(it.field)}
                </li>
              ))}
            </ul>
            <span className={css.tools}>
              <Button size="small" onClick={props.reread}>
                {t('conflict_theirs')}
              </Button>
              <Button size="small" type="primary" loading={busy} onClick={() => void send(conflict.version)}>
                {t('conflict_mine')}
              </Button>
            </span>
          </div>
        )}
        {lost.map((it) => (
          <p key={it.name} role="alert" className={css.bad}>
            {errorText(it, it.name)}
          </p>
        ))}
        <SchemaForm
          schema={props.schema}
          layout={props.layout}
          values={values}
          errors={errors}
          known={props.known}
          onChange={setValues}
        />
        {props.children}
        <input type="submit" hidden />
      </form>
    </Modal>
  );
}
