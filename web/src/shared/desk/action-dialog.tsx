import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Modal } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../api/error';
import type { Action, Pack, RecordItem } from '../../api/types';
import { focusFirst, useErrorFocus } from '../form/focus-first';
import {
  check,
  type FieldError,
  filled,
  fromPointers,
  homeless,
  initial,
  type JsonSchema,
  type Values,
} from '../form/schema';
import { SchemaForm, useErrorText, useStanding } from '../form/schema-form';
import { keepDraft, readDraft } from '../lib/draft';
import { childrenQuery, userQuery } from '../lib/queries';
import { actionDraft, restored, worthKeeping } from './action-draft';
import { actionSchema } from './action-schema';
import { concernsChildren, ending } from './ending';
import { Reach } from './reach';

/** What would be sent along once it is complete. Whoever is to be named is: nobody is reached by a hand-over to no one. */
function complete(schema: JsonSchema, values: Values): Values | undefined {
  if (check(schema, values).length > 0) return undefined;
  const given = filled(schema, values);
  const names = Object.values(schema.properties ?? {}).some((it) => it['x-ref']);
  return names && Object.keys(given).length === 0 ? undefined : given;
}

interface Props {
  action: Action;
  record: RecordItem;
  pack: Pack | undefined;
  /** Whether to say whom it reaches: the portal does not. */
  reach?: boolean;
  /** Resolves when the server has done it; rejects with what it refused. */
  onRun: (action: Action, fields: Values, withChildren: boolean) => Promise<void>;
  /** Whether it may be done to the records below as well. */
  family?: boolean;
  /** What was entered before, for whoever comes back to it. */
  entered?: Values;
  /** Whether words that are typed and not sent are kept for the next time. */
  keeps?: boolean;
  onClose: () => void;
}

/** The number to call whoever reported it, where one is asked for: what the record says, else what the person's entry says. */
function usePhone(record: RecordItem, asked: boolean): string | undefined {
  const said = record.fields?.contact;
  const known = typeof said === 'string' && said.trim() ? said.trim() : undefined;
  const { data } = useQuery({ ...userQuery(record.requester.id), enabled: asked && !known });
  return asked ? (known ?? data?.phone ?? undefined) : undefined;
}

/** Asks for what an action needs, drawn from its schema; the button says what will happen. */
export function ActionDialog(props: Props) {
  const { action, record, pack, reach, family, keeps, onRun, onClose } = props;
  const { t } = useTranslation('desk');
  const schema = actionSchema(action, pack);
  const draft = keeps ? actionDraft(record, action.key) : undefined;
  const [kept, setKept] = useState(() => draft && restored(schema, readDraft<Values>(draft)));
  const [entered, setEntered] = useState<Values>(() => ({ ...initial(schema), ...(props.entered ?? kept) }));
  const setValues = (values: Values) => {
    setEntered(values);
    if (draft) keepDraft(draft, worthKeeping(schema, values));
  };
  const phone = usePhone(record, 'phone' in (schema.properties ?? {}));
  const values: Values = phone ? { phone, ...entered } : entered;
  const [errors, setErrors] = useState<FieldError[]>([]);
  const errorText = useErrorText();
  const [busy, setBusy] = useState(false);
  const [alone, setAlone] = useState(false);
  const { data: below } = useInfiniteQuery({
    ...childrenQuery(record.type, record.number),
    enabled: Boolean(family) && concernsChildren(action, pack),
  });
  const waiting = below?.pages[0]?.takes[action.key] ?? 0;
  const form = useRef<HTMLFormElement>(null);
  const lost = homeless(useStanding(errors, values), schema, values);
  useErrorFocus(form, errors);

  const run = async () => {
    if (busy) return;
    const wrong = check(schema, values);
    setErrors(wrong);
    if (wrong.length > 0) return;
    setBusy(true);
    try {
      await onRun(action, filled(schema, values), waiting > 0 && !alone);
    } catch (error) {
      if (isStatus(error, 422)) setErrors(fromPointers(error.problem.errors ?? []));
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={action.label}
      onCancel={onClose}
      afterOpenChange={(open) => open && focusFirst(form.current)}
      width={520}
      footer={
        <>
          <Button onClick={onClose}>{t('common:back')}</Button>
          <Button type="primary" danger={ending(action)} loading={busy} onClick={() => void run()}>
            {action.label}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void run();
        }}
        style={{ paddingBlock: 8 }}
      >
        {kept && (
          <p className="small" style={{ marginBottom: 8 }}>
            {t('action_kept')}{' '}
            <Button
              type="link"
              size="small"
              onClick={() => {
                setKept(undefined);
                setValues(initial(schema));
              }}
            >
              {t('action_drop')}
            </Button>
          </p>
        )}
        {ending(action) && <p className="dim small">{t('destructive')}</p>}
        {lost.map((it) => (
          <p key={it.name} role="alert" style={{ color: 'var(--bad)' }}>
            {errorText(it, it.name)}
          </p>
        ))}
        <SchemaForm
          schema={schema}
          values={values}
          errors={errors}
          columns={1}
          known={record as unknown as Values}
          onChange={setValues}
        />
        {waiting > 0 && (
          <Checkbox checked={!alone} onChange={(event) => setAlone(!event.target.checked)}>
            {t('with_children', { count: waiting })}
          </Checkbox>
        )}
        {reach && (
          <Reach
            record={record}
            action={action.key}
            withChildren={waiting > 0 && !alone}
            fields={busy ? undefined : complete(schema, values)}
          />
        )}
        <input type="submit" hidden />
      </form>
    </Modal>
  );
}
