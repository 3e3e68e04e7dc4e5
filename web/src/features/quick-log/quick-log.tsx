import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Modal, Select } from 'antd';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../api/error';
import type { Pack } from '../../api/types';
import { openRecord } from '../../shared/desk/open-record';
import { packSchema } from '../../shared/desk/pack-form';
import { focusFirst, useErrorFocus } from '../../shared/form/focus-first';
import { check, type FieldError, filled, fromPointers, type Values } from '../../shared/form/schema';
import { SchemaForm } from '../../shared/form/schema-form';
import { showOverlay } from '../../shared/lib/overlays';
import { directoryQuery, packQuery, packsQuery, recordsQuery } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import { PhaseMark } from '../../shared/ui/marks';
import { Bones } from '../../shared/ui/page';
import { toast } from '../../shared/ui/toast';
import css from './quick-log.module.css';

// What a call needs at once; the other fields of the pack's opening form stand behind “more”.
const first = ['requester', 'channel', 'title', 'description', 'category', 'service'];

export function formsOf(pack: Pack) {
  const asked = pack.form_ui.open?.workspace ?? [];
  const rest = asked.filter((it) => !first.includes(it));
  return {
    main: packSchema(
      pack,
      ['requester', 'channel', 'title', 'description', 'category', 'service'],
      ['title'],
    ),
    more: packSchema(pack, rest),
  };
}

/** A call comes in: who, what, and the record is there. What the person has open already stands beside. */
export function QuickLog() {
  const { t } = useTranslation('quick-log');
  const navigate = useNavigate();
  const client = useQueryClient();
  const problem = useProblem();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const { data: packs } = useQuery(packsQuery);
  const [chosen, setChosen] = useState<string>();
  const type = chosen ?? packs?.items[0]?.key ?? '';
  const { data: pack } = useQuery(packQuery(type));
  const forms = useMemo(() => pack && formsOf(pack), [pack]);
  const [values, setValues] = useState<Values>({ channel: 'phone' });
  const [errors, setErrors] = useState<FieldError[]>([]);
  useErrorFocus(form, errors);
  const [more, setMore] = useState(false);
  const [busy, setBusy] = useState<'save' | 'open'>();
  const ready = forms !== undefined;
  useEffect(() => {
    if (ready) focusFirst(form.current);
  }, [ready]);
  const close = () => showOverlay(null);
  const refuse = (found: FieldError[]) => {
    setErrors(found);
    if (forms && found.some((it) => it.name in (forms.more.properties ?? {}))) setMore(true);
  };

  const save = async (then: 'save' | 'open') => {
    if (!forms) return;
    const wrong = [...check(forms.main, values), ...check(forms.more, values)];
    refuse(wrong);
    if (wrong.length > 0) return;
    setBusy(then);
    try {
      const record = await openRecord(type, { ...filled(forms.main, values), ...filled(forms.more, values) });
      close();
      toast.success(t('saved', { number: record.number }));
      void client.invalidateQueries({ queryKey: ['records'] });
      void client.invalidateQueries({ queryKey: ['tasks'] });
      if (then === 'open') {
        await navigate({
          to: '/w/records/$type/$number',
          params: { type, number: record.number },
          search: {},
        });
      }
    } catch (error) {
      if (isStatus(error, 422)) refuse(fromPointers(error.problem.errors ?? []));
      else problem(error);
      setBusy(undefined);
    }
  };
  const requester = typeof values.requester === 'string' ? values.requester : undefined;
  const shared = { values, errors, columns: 2 as const, onChange: setValues };
  return (
    <Modal
      open
      width={640}
      style={{ top: 56 }}
      title={pack ? t('title', { label: pack.label }) : t('title_any')}
      onCancel={close}
      afterOpenChange={(open) => open && focusFirst(form.current)}
      footer={
        <>
          <Button loading={busy === 'save'} disabled={!forms} onClick={() => void save('save')}>
            {t('save')}
          </Button>
          <Button
            type="primary"
            loading={busy === 'open'}
            disabled={!forms}
            onClick={() => void save('open')}
          >
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
        {(packs?.items.length ?? 0) > 1 && (
          <div>
            <label htmlFor={`${id}-type`}>{t('type')}</label>
            <Select
              id={`${id}-type`}
              style={{ width: '100%' }}
              value={type}
              options={packs?.items.map((it) => ({ value: it.key, label: it.label }))}
              onChange={setChosen}
            />
          </div>
        )}
        {forms ? (
          <>
            <SchemaForm schema={forms.main} {...shared} />
            {requester && <OpenOf type={type} requester={requester} />}
            {Object.keys(forms.more.properties ?? {}).length > 0 && (
              <details open={more} onToggle={(event) => setMore(event.currentTarget.open)}>
                <summary>{t('more')}</summary>
                <div className={css.more}>
                  <SchemaForm schema={forms.more} {...shared} />
                </div>
              </details>
            )}
          </>
        ) : (
          <Bones rows={6} />
        )}
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
