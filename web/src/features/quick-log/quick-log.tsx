import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Checkbox, Drawer, Modal, Select } from 'antd';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import { isStatus } from '../../api/error';
import { openRecord } from '../../shared/desk/open-record';
import { fieldLabel } from '../../shared/desk/pack-form';
import { Peek } from '../../shared/desk/peek';
import { focusFirst, useErrorFocus } from '../../shared/form/focus-first';
import look from '../../shared/form/form.module.css';
import { blank, check, type FieldError, filled, fromPointers, type Values } from '../../shared/form/schema';
import { SchemaForm, useErrorText, useStanding } from '../../shared/form/schema-form';
import { keepDraft, readDraft } from '../../shared/lib/draft';
import { showOverlay } from '../../shared/lib/overlays';
import { packQuery, packsQuery } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import { useSending } from '../../shared/lib/use-sending';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones } from '../../shared/ui/page';
import { toast } from '../../shared/ui/toast';
import { CallerCard } from './caller-card';
import { CallerSelect } from './caller-select';
import { type Above, LikelySame } from './likely-same';
import { formsOf } from './log-forms';
import css from './quick-log.module.css';

interface Draft {
  values: Values;
  /** Whether it was solved while they talked. */
  solved: boolean;
  /** What it is hung below. */
  above?: Above;
}

const fresh: Values = { channel: 'phone' };
/** Whatever somebody has filled in is kept; what a new form holds anyway is not. */
const worthKeeping = (draft: Draft) =>
  Object.entries(draft.values).some(([name, value]) => !(name in fresh) && !blank(value)) ? draft : null;

/** Hangs a record below another; says whether it does now. */
async function hang(type: string, number: string, link: { fields: { to: string; kind: string } }) {
  const path = { type, number, action: 'link' };
  try {
    await call(
      api.POST('/api/v1/records/{type}/{number}/actions/{action}', {
        params: { path },
        body: { fields: link.fields as never },
      }),
    );
    return true;
  } catch {
    return false;
  }
}

/** A call comes in: who, what, and the record is there, solved at once where that could be. */
export function QuickLog() {
  const { t } = useTranslation('quick-log');
  const navigate = useNavigate();
  const client = useQueryClient();
  const problem = useProblem();
  const errorText = useErrorText();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const types = useQuery(packsQuery);
  const packs = types.data;
  const [chosen, setChosen] = useState<string>();
  const type = chosen ?? packs?.items[0]?.key ?? '';
  const read = useQuery(packQuery(type));
  const pack = read.data;
  const failed = types.error ? types : read.error && !pack ? read : undefined;
  const [kept, setKept] = useState(() => readDraft<Draft>('call'));
  const [values, setValues] = useState<Values>(() => kept?.values ?? fresh);
  const [solved, setSolved] = useState(() => kept?.solved ?? false);
  const [above, setAbove] = useState(() => kept?.above);
  const atOnce = pack?.form_ui.open?.at_once;
  const solving = solved && atOnce !== undefined;
  const outcome = pack?.outcomes.find((it) => it.key === atOnce?.outcome)?.label ?? '';
  const forms = useMemo(() => pack && formsOf(pack, solving), [pack, solving]);
  const [errors, setErrors] = useState<FieldError[]>([]);
  useErrorFocus(form, errors);
  const [more, setMore] = useState(false);
  const { busy, send } = useSending();
  const [after, setAfter] = useState<'save' | 'open'>();
  const [peek, setPeek] = useState<string>();
  const ready = forms !== undefined;
  useEffect(() => {
    if (ready) focusFirst(form.current);
  }, [ready]);
  useEffect(() => keepDraft('call', worthKeeping({ values, solved, above })), [values, solved, above]);
  const close = () => showOverlay(null);
  const refuse = (found: FieldError[]) => {
    setErrors(found);
    if (forms && found.some((it) => it.name in (forms.more.properties ?? {}))) setMore(true);
  };

  const save = async (then: 'save' | 'open') => {
    if (!forms) return;
    const wrong = [forms.main, forms.more, forms.solution].flatMap((it) => check(it, values));
    refuse(wrong);
    if (wrong.length > 0) return;
    const { requester } = values;
    const filledIn = { ...filled(forms.main, values), ...filled(forms.more, values) };
    const given = { ...filledIn, ...(requester ? { requester } : {}) };
    const link = above && { action: 'link', fields: { to: above.number, kind: 'parent' } };
    const done = solving ? { action: atOnce.outcome, fields: filled(forms.solution, values) } : link;
    const held = document.activeElement;
    try {
      await send(async () => {
        setAfter(then);
        const record = await openRecord(type, given, done);
        const { number } = record;
        // One thing is done in the moment of opening: after that it is hung where it belongs.
        const hung = solving && link ? await hang(type, number, link) : true;
        keepDraft('call', null);
        close();
        const below = { number, parent: above?.number };
        if (!hung) toast.warning(t('not_hung', below));
        else if (above && !solving) toast.success(t('saved_below', below));
        else toast.success(t(solving ? 'saved_done' : 'saved', { number, outcome }));
        void client.invalidateQueries({ queryKey: ['records'] });
        void client.invalidateQueries({ queryKey: ['tasks'] });
        if (then === 'open') {
          await navigate({
            to: '/w/records/$type/$number',
            params: { type, number: record.number },
            search: {},
          });
        }
      });
    } catch (error) {
      if (isStatus(error, 422)) refuse(fromPointers(error.problem.errors ?? []));
      else {
        problem(error);
        // The fields were shut meanwhile, which takes the focus away.
        requestAnimationFrame(() => held instanceof HTMLElement && held.focus());
      }
    }
  };
  const requester = typeof values.requester === 'string' ? values.requester : undefined;
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined) || undefined;
  const shared = { values, errors, columns: 2 as const, disabled: busy, onChange: setValues };
  const wrongCaller = useStanding(errors, values).find((it) => it.name === 'requester');
  const caller = fieldLabel(pack, 'requester');
  const first = solving ? 'save' : 'open';
  const ways = solving ? (['open', 'save'] as const) : (['save', 'open'] as const);
  const words = solving
    ? { save: t('save_done', { outcome }), open: t('save_done_open', { outcome }) }
    : { save: t('save'), open: t('save_open') };
  return (
    <Modal
      open
      width={960}
      style={{ top: 56 }}
      title={pack ? t('title', { label: pack.label }) : t('title_any')}
      onCancel={close}
      afterOpenChange={(open) => open && focusFirst(form.current)}
      footer={
        <>
          {/* What Enter does stands last, where the primary button of every dialog is. */}
          {ways.map((way) => (
            <Button
              key={way}
              type={way === first ? 'primary' : 'default'}
              loading={busy && after === way}
              disabled={!forms || busy}
              onClick={() => void save(way)}
            >
              {words[way]}
            </Button>
          ))}
        </>
      }
    >
      <form
        ref={form}
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save(first);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save(first);
        }}
      >
        {kept && (
          <p className={css.kept}>
            {t('draft_kept')}{' '}
            <Button
              type="link"
              size="small"
              onClick={() => {
                setKept(null);
                setValues(fresh);
                setSolved(false);
                setAbove(undefined);
              }}
            >
              {t('draft_drop')}
            </Button>
          </p>
        )}
        {(packs?.items.length ?? 0) > 1 && (
          <div className={look.field}>
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
          <div className={css.beside}>
            <div className={css.form}>
              <div className={look.field} data-error={wrongCaller ? true : undefined}>
                <label htmlFor={`${id}-caller`}>{caller}</label>
                <CallerSelect
                  id={`${id}-caller`}
                  type={type}
                  value={requester}
                  invalid={Boolean(wrongCaller)}
                  describedBy={wrongCaller && `${id}-caller-error`}
                  disabled={busy}
                  onChange={(key) => {
                    setValues((before) => ({ ...before, requester: key }));
                    setErrors((before) => before.filter((it) => it.name !== 'requester'));
                  }}
                />
                {wrongCaller && (
                  <p id={`${id}-caller-error`} className={look.error}>
                    {errorText(wrongCaller, caller)}
                  </p>
                )}
              </div>
              <SchemaForm schema={forms.main} {...shared} />
            </div>
            <div className={css.aside}>
              {!requester && !text('title') && <p className={css.empty}>{t('aside_empty')}</p>}
              <LikelySame
                title={text('title') ?? ''}
                service={text('service')}
                category={text('category')}
                site={text('site')}
                requester={requester}
                above={above}
                disabled={busy}
                onAbove={setAbove}
                onOpen={setPeek}
              />
              {requester && <CallerCard type={type} requester={requester} onOpen={setPeek} />}
            </div>
            <div className={css.form}>
              {Object.keys(forms.more.properties ?? {}).length > 0 && (
                <details open={more} onToggle={(event) => setMore(event.currentTarget.open)}>
                  <summary>{t('more')}</summary>
                  <div className={css.more}>
                    <SchemaForm schema={forms.more} {...shared} />
                  </div>
                </details>
              )}
              {atOnce && (
                <div className={css.solve}>
                  <Checkbox
                    checked={solved}
                    disabled={busy}
                    onChange={(event) => setSolved(event.target.checked)}
                  >
                    {t('at_once', { outcome })}
                  </Checkbox>
                  {solving && <SchemaForm schema={forms.solution} {...shared} />}
                </div>
              )}
            </div>
          </div>
        ) : failed ? (
          <ErrorView error={failed.error} retry={() => void failed.refetch()} />
        ) : (
          <Bones rows={6} />
        )}
        <input type="submit" hidden disabled={busy} />
      </form>
      <Drawer
        open={Boolean(peek)}
        size={480}
        title={t('beside')}
        onClose={() => setPeek(undefined)}
        destroyOnHidden
      >
        {peek && <Peek peek={peek} apart onClose={() => setPeek(undefined)} />}
      </Drawer>
    </Modal>
  );
}
