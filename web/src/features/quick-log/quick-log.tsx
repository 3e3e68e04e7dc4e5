import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Modal } from 'antd';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import { isStatus } from '../../api/error';
import { focusFirst } from '../../shared/form/focus-first';
import {
  check,
  type FieldError,
  filled,
  fromPointers,
  type JsonSchema,
  type Values,
} from '../../shared/form/schema';
import { SchemaForm } from '../../shared/form/schema-form';
import { showOverlay } from '../../shared/lib/overlays';
import { directoryQuery, packQuery, packsQuery, recordsQuery } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import { PhaseMark } from '../../shared/ui/marks';
import { logSchema } from './log-schema';
import css from './quick-log.module.css';

/** A call comes in: who, what, and the record is there. What the person has open already stands beside. */
export function QuickLog() {
  const { t } = useTranslation('quick-log');
  const navigate = useNavigate();
  const client = useQueryClient();
  const { message } = App.useApp();
  const problem = useProblem();
  const { data: packs } = useQuery(packsQuery);
  const [chosen, setChosen] = useState<string>();
  const type = chosen ?? packs?.items[0]?.key ?? '';
  const { data: pack } = useQuery(packQuery(type));
  const [values, setValues] = useState<Values>({ channel: 'phone' });
  const [errors, setErrors] = useState<FieldError[]>([]);
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState<'save' | 'open'>();
  const schema = useMemo(() => logSchema(t, packs?.items ?? [], pack), [t, packs, pack]);
  const close = () => showOverlay(null);

  const save = async (then: 'save' | 'open') => {
    const wrong = check(schema, values);
    setErrors(wrong);
    if (wrong.length > 0) return;
    setBusy(then);
    const { type: _, title, ...rest } = filled(schema, values);
    try {
      const record = await call(
        api.POST('/api/v1/records/{type}', {
          params: { path: { type } },
          body: { description: '', ...rest, title: String(title) },
        }),
      );
      close();
      void message.success(t('saved', { number: record.number }));
      await Promise.all([
        client.invalidateQueries({ queryKey: ['records'] }),
        client.invalidateQueries({ queryKey: ['tasks'] }),
      ]);
      if (then === 'open') {
        await navigate({
          to: '/w/records/$type/$number',
          params: { type, number: record.number },
          search: {},
        });
      }
    } catch (error) {
      if (isStatus(error, 422)) setErrors(fromPointers(error.problem.errors ?? []));
      else problem(error);
      setBusy(undefined);
    }
  };
  const requester = typeof values.requester === 'string' ? values.requester : undefined;
  return (
    <Modal
      open
      width={620}
      style={{ top: 56 }}
      title={pack ? t('title', { label: pack.label }) : t('title_any')}
      onCancel={close}
      afterOpenChange={(open) => open && focusFirst(form.current)}
      footer={
        <>
          <Button loading={busy === 'save'} disabled={!type} onClick={() => void save('save')}>
            {t('save')}
          </Button>
          <Button type="primary" loading={busy === 'open'} disabled={!type} onClick={() => void save('open')}>
            {t('save_open')}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save('open');
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save('open');
        }}
      >
        <SchemaForm
          schema={schema as JsonSchema}
          values={{ ...values, type }}
          errors={errors}
          columns={2}
          onChange={(next) => {
            setChosen(next.type as string);
            setValues(next);
          }}
        />
        {requester && <OpenOf type={type} requester={requester} />}
        <input type="submit" hidden />
      </form>
    </Modal>
  );
}

/** What this person already has open: perhaps the call is about that. */
function OpenOf({ type, requester }: { type: string; requester: string }) {
  const { t } = useTranslation('quick-log');
  const navigate = useNavigate();
  const { data } = useInfiniteQuery(recordsQuery(type, { requester, state: 'open', sort: '-opened_at' }, 5));
  const { data: people } = useQuery(directoryQuery('users', requester, 5));
  const name = people?.items.find((it) => it.key === requester)?.label ?? requester;
  const items = data?.pages[0]?.items;
  if (!items) return null;
  return (
    <div className={css.beside} role="status">
      {items.length === 0 ? t('none_of', { name }) : t('open_of', { name })}
      <ul>
        {items.map((it) => (
          <li key={it.id}>
            <button
              type="button"
              className="plain ellipsis"
              style={{ color: 'var(--accent-text)' }}
              onClick={() => {
                showOverlay(null);
                void navigate({
                  to: '/w/records/$type/$number',
                  params: { type, number: it.number },
                  search: {},
                });
              }}
            >
              {it.title}
            </button>
            <PhaseMark phase={it.phase} label={it.state_label} />
          </li>
        ))}
      </ul>
    </div>
  );
}
