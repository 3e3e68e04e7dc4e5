import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button, Input, Select } from 'antd';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { upload } from '../../api/client';
import { isStatus } from '../../api/error';
import { openRecord } from '../../shared/desk/open-record';
import { packSchema } from '../../shared/desk/pack-form';
import { DropArea, FileButtons, FileChips } from '../../shared/form/file-picker';
import { useErrorFocus } from '../../shared/form/focus-first';
import { RequiredMark } from '../../shared/form/required-mark';
import { check, type FieldError, filled, fromPointers, type Values } from '../../shared/form/schema';
import { SchemaForm, useErrorText } from '../../shared/form/schema-form';
import { keepDraft, readDraft } from '../../shared/lib/draft';
import { packQuery, packsQuery } from '../../shared/lib/queries';
import { useLeaveWarning } from '../../shared/lib/use-leave-warning';
import { useProblem, useProblemWords } from '../../shared/lib/use-problem';
import { useSending } from '../../shared/lib/use-sending';
import { PageHead, useTitle } from '../../shared/ui/page';
import { toast } from '../../shared/ui/toast';
import { ForWhom } from './for-whom';
import css from './portal.module.css';
import { ReportHints } from './report-hints';

const route = getRouteApi('/signed-in/portal/report');
const text = (value: unknown) => (typeof value === 'string' ? value : '');
const worthKeeping = (values: Values) => (text(values.title) || text(values.description) ? values : null);

/** Anyone can report: a line is enough, the rest is asked for where it helps. */
export function ReportPage() {
  const { t } = useTranslation('portal');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const problem = useProblem();
  const words = useProblemWords();
  const errorText = useErrorText();
  const id = useId();
  const { data: packs } = useQuery(packsQuery);
  const type = search.type ?? packs?.items[0]?.key ?? '';
  const { data: pack } = useQuery(packQuery(type));
  const [kept, setKept] = useState(() => (search.title ? null : readDraft<Values>('report')));
  const [values, setValues] = useState<Values>(() => kept ?? { title: search.title });
  const [files, setFiles] = useState<File[]>([]);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const form = useRef<HTMLFormElement>(null);
  useErrorFocus(form, errors);
  const [more, setMore] = useState(false);
  const { busy, send: sendOnce } = useSending();
  useEffect(() => keepDraft('report', worthKeeping(values)), [values]);
  // Words are kept in the browser and files are not: who comes back is told which ones to choose again.
  const [lost, setLost] = useState(() => readDraft<string[]>('report.files') ?? []);
  useEffect(() => {
    const names = files.length > 0 ? files.map((it) => it.name) : lost;
    keepDraft('report.files', names.length > 0 ? names : null);
  }, [files, lost]);
  useLeaveWarning(files.length > 0);
  useTitle(t('report_title'));

  const asked = pack?.form_ui.open?.portal?.filter((it) => it !== 'title' && it !== 'description') ?? [];
  const schema = pack ? packSchema(pack, asked) : { properties: {} };
  const set = (change: Values) => setValues((before) => ({ ...before, ...change }));
  const said = (name: string, label: string) => {
    const error = errors.find((it) => it.name === name);
    return (
      error && (error.key === 'required' && name === 'title' ? t('title_needed') : errorText(error, label))
    );
  };
  const refuse = (found: FieldError[]) => {
    setErrors(found);
    if (found.some((it) => !['title', 'description', 'requester'].includes(it.name))) setMore(true);
  };

  const send = async (event: FormEvent) => {
    event.preventDefault();
    const title = text(values.title).trim();
    const found = [
      ...(values.requester === '' ? [{ name: 'requester', key: 'required' }] : []),
      ...(title ? [] : [{ name: 'title', key: 'required' }]),
      ...check(schema, values),
    ];
    refuse(found);
    if (found.length > 0) return;
    const { requester } = values;
    const description = text(values.description).trim();
    const given = { title, description, ...filled(schema, values) };
    const body = requester ? { ...given, requester, channel: 'portal' } : given;
    try {
      await sendOnce(async () => {
        const record = await openRecord(type, body);
        keepDraft('report', null);
        keepDraft('report.files', null);
        const sent = await Promise.allSettled(files.map((file) => upload(type, record.number, file)));
        sent.forEach((it, index) => {
          if (it.status === 'fulfilled') return;
          const { text: why, detail } = words(it.reason);
          toast.error(t('desk:file_failed', { name: files[index]?.name, why }), detail);
        });
        if (sent.some((it) => it.status === 'rejected')) toast.warning(t('not_all_files'));
        else toast.success(t('sent', { number: record.number }));
        await navigate({
          to: '/requests/$type/$number',
          params: { type, number: record.number },
          replace: true,
        });
      });
    } catch (error) {
      if (isStatus(error, 403) && values.requester)
        setErrors([{ name: 'requester', key: 'said', said: t('colleague_refused') }]);
      else if (isStatus(error, 422)) refuse(fromPointers(error.problem.errors ?? []));
      else problem(error);
    }
  };
  const pick = (added: File[]) => {
    setFiles([...files, ...added]);
    setLost([]);
  };
  const titleError = said('title', t('title'));
  const descriptionError = said('description', t('description'));
  return (
    <DropArea onPick={pick}>
      <PageHead title={t('report_title')} answer={t('report_lead')} />
      <div className={css.reportGrid}>
        <form ref={form} className={`card ${css.form}`} onSubmit={send} noValidate>
          {kept && (
            <p className={css.notice}>
              {t('draft_kept')}
              <button
                type="button"
                className="plain"
                style={{ color: 'var(--accent-text)' }}
                onClick={() => {
                  setValues({});
                  setKept(null);
                  setLost([]);
                }}
              >
                {t('draft_drop')}
              </button>
            </p>
          )}
          {(packs?.items.length ?? 0) > 1 && (
            <div>
              <label htmlFor={`${id}-type`}>{t('type')}</label>
              <Select
                id={`${id}-type`}
                style={{ width: '100%' }}
                value={type}
                options={packs?.items.map((it) => ({ value: it.key, label: it.label }))}
                onChange={(value: string) =>
                  void navigate({ search: { ...search, type: value }, replace: true })
                }
              />
            </div>
          )}
          <ForWhom
            value={typeof values.requester === 'string' ? values.requester : undefined}
            label={text(values.requester_label) || undefined}
            error={said('requester', t('colleague'))}
            onChange={(requester, label) => set({ requester, requester_label: label })}
          />
          <div data-error={titleError ? true : undefined}>
            <label htmlFor={`${id}-title`}>
              {t('title')}
              <RequiredMark />
            </label>
            <Input
              id={`${id}-title`}
              size="large"
              autoFocus
              maxLength={200}
              placeholder={t('title_hint')}
              value={text(values.title)}
              status={titleError && 'error'}
              aria-required
              aria-invalid={titleError ? true : undefined}
              aria-describedby={`${id}-title-error`}
              onChange={(event) => set({ title: event.target.value })}
            />
            <p id={`${id}-title-error`} className={css.error} role="alert">
              {titleError}
            </p>
          </div>
          <ReportHints title={text(values.title)} service={text(values.service) || undefined} />
          <div data-error={descriptionError ? true : undefined}>
            <label htmlFor={`${id}-description`}>{t('description')}</label>
            <Input.TextArea
              id={`${id}-description`}
              autoSize={{ minRows: 4, maxRows: 14 }}
              placeholder={t('description_hint')}
              value={text(values.description)}
              onChange={(event) => set({ description: event.target.value })}
            />
            {descriptionError && <p className={css.error}>{descriptionError}</p>}
          </div>
          <div>
            <div className={css.label}>{t('files')}</div>
            <div className={css.pickers}>
              <FileButtons onPick={pick} />
              <span className="dim small">{t('files_hint')}</span>
            </div>
            {lost.length > 0 && (
              <p className={css.notice} role="status">
                {t('files_again', { names: lost.join(t('common:comma')) })}
              </p>
            )}
            <FileChips files={files} onRemove={(gone) => setFiles(files.filter((it) => it !== gone))} />
          </div>
          {asked.length > 0 && (
            <details open={more} onToggle={(event) => setMore(event.currentTarget.open)}>
              <summary>
                {t('more')} <span className="dim small">{t('more_hint')}</span>
              </summary>
              <div>
                <SchemaForm
                  schema={schema}
                  columns={1}
                  values={values}
                  errors={errors}
                  onChange={setValues}
                />
              </div>
            </details>
          )}
          <Button
            type="primary"
            size="large"
            htmlType="submit"
            loading={busy}
            style={{ justifySelf: 'start' }}
          >
            {t('send')}
          </Button>
        </form>
        <aside className={css.tips}>
          <h2>{t('tips')}</h2>
          <ul>
            {(['tip_where', 'tip_what', 'tip_who'] as const).map((it) => (
              <li key={it}>{t(it)}</li>
            ))}
          </ul>
          <p>{t('tip_after')}</p>
        </aside>
      </div>
    </DropArea>
  );
}
