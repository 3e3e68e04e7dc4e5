import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { App, Button, Input, Select } from 'antd';
import { type FormEvent, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call, upload } from '../../api/client';
import { isStatus } from '../../api/error';
import { DropArea, FileButtons, FileChips } from '../../shared/form/file-picker';
import { RefSelect } from '../../shared/form/ref-select';
import {
  check,
  type FieldError,
  filled,
  fromPointers,
  type JsonSchema,
  type Values,
} from '../../shared/form/schema';
import { SchemaForm } from '../../shared/form/schema-form';
import { packQuery, packsQuery } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import { PageHead, useTitle } from '../../shared/ui/page';
import css from './portal.module.css';

const route = getRouteApi('/signed-in/portal/report');
const draftName = 'yuheng.draft.report';

interface Draft {
  title: string;
  description: string;
  service?: string;
  category?: string;
  fields: Values;
}
const emptyDraft: Draft = { title: '', description: '', fields: {} };
function readDraft(): Draft | null {
  try {
    return JSON.parse(localStorage.getItem(draftName) ?? 'null') as Draft | null;
  } catch {
    return null;
  }
}
function keepDraft(draft: Draft | null) {
  try {
    if (draft && (draft.title || draft.description)) localStorage.setItem(draftName, JSON.stringify(draft));
    else localStorage.removeItem(draftName);
  } catch {
    // Without storage the text lives as long as the page.
  }
}

/** The fields of a pack's form that it wants to ask a requester (`x-portal`). */
export function portalSchema(form: JsonSchema): JsonSchema {
  const asked = Object.entries(form.properties ?? {}).filter(([, it]) => it['x-portal'] === true);
  return { type: 'object', properties: Object.fromEntries(asked) };
}

export function ReportPage() {
  const { t } = useTranslation('portal');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { message } = App.useApp();
  const problem = useProblem();
  const id = useId();
  const { data: packs } = useQuery(packsQuery);
  const type = search.type ?? packs?.items[0]?.key ?? '';
  const { data: pack } = useQuery(packQuery(type));
  const [kept, setKept] = useState(() => (search.title ? null : readDraft()));
  const [draft, setDraft] = useState<Draft>(() => kept ?? { ...emptyDraft, title: search.title ?? '' });
  const [files, setFiles] = useState<File[]>([]);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  useEffect(() => keepDraft(draft), [draft]);
  useTitle(t('report_title'));

  const own = portalSchema((pack?.form ?? {}) as JsonSchema);
  const wrong = (name: string) => errors.find((it) => it.name === name);
  const said = (name: string) => {
    const error = wrong(name);
    if (!error) return undefined;
    return name === 'title' && error.key === 'required'
      ? t('title_needed')
      : (error.said ?? t(`common:form.${error.key}`));
  };

  const send = async (event: FormEvent) => {
    event.preventDefault();
    const found = [
      ...(draft.title.trim() ? [] : [{ name: 'title', key: 'required' }]),
      ...check(own, draft.fields),
    ];
    setErrors(found);
    if (found.length > 0) {
      document.getElementById(`${id}-title`)?.focus();
      return;
    }
    setBusy(true);
    try {
      const record = await call(
        api.POST('/api/v1/records/{type}', {
          params: { path: { type } },
          body: {
            title: draft.title.trim(),
            description: draft.description.trim(),
            service: draft.service,
            category: draft.category,
            fields: filled(own, draft.fields),
          },
        }),
      );
      keepDraft(null);
      const sent = await Promise.allSettled(files.map((file) => upload(type, record.number, file)));
      if (sent.some((it) => it.status === 'rejected')) void message.warning(t('not_all_files'), 6);
      else void message.success(t('sent', { number: record.number }));
      await navigate({
        to: '/requests/$type/$number',
        params: { type, number: record.number },
        replace: true,
      });
    } catch (error) {
      if (isStatus(error, 422)) setErrors(fromPointers(error.problem.errors ?? []));
      else problem(error);
      setBusy(false);
    }
  };
  return (
    <DropArea onPick={(more) => setFiles([...files, ...more])}>
      <PageHead title={t('report_title')} answer={t('report_lead')} />
      <div className={css.reportGrid}>
        <form className={`card ${css.form}`} onSubmit={send} noValidate>
          {kept && (
            <p className={css.notice}>
              {t('draft_kept')}
              <button
                type="button"
                className="plain"
                style={{ color: 'var(--accent-text)' }}
                onClick={() => {
                  setDraft(emptyDraft);
                  setKept(null);
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
          <div>
            <label htmlFor={`${id}-title`}>{t('title')}</label>
            <Input
              id={`${id}-title`}
              size="large"
              autoFocus
              maxLength={200}
              placeholder={t('title_hint')}
              value={draft.title}
              status={wrong('title') && 'error'}
              aria-invalid={wrong('title') ? true : undefined}
              aria-describedby={`${id}-title-error`}
              onChange={(event) => set({ title: event.target.value })}
            />
            <p id={`${id}-title-error`} className={css.error} role="alert">
              {said('title')}
            </p>
          </div>
          <div>
            <label htmlFor={`${id}-description`}>{t('description')}</label>
            <Input.TextArea
              id={`${id}-description`}
              autoSize={{ minRows: 4, maxRows: 14 }}
              placeholder={t('description_hint')}
              value={draft.description}
              onChange={(event) => set({ description: event.target.value })}
            />
            {said('description') && <p className={css.error}>{said('description')}</p>}
          </div>
          <div>
            <div className={css.label}>{t('files')}</div>
            <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8, alignItems: 'center' }}>
              <FileButtons onPick={(more) => setFiles([...files, ...more])} />
              <span className="dim small">{t('files_hint')}</span>
            </div>
            <div style={{ marginTop: 8 }}>
              <FileChips files={files} onRemove={(gone) => setFiles(files.filter((it) => it !== gone))} />
            </div>
          </div>
          <details>
            <summary>
              {t('more')} <span className="dim small">{t('more_hint')}</span>
            </summary>
            <div>
              <div>
                <label htmlFor={`${id}-service`}>{t('service')}</label>
                <RefSelect
                  id={`${id}-service`}
                  kind="services"
                  value={draft.service}
                  onChange={(service) => set({ service })}
                />
              </div>
              <div>
                <label htmlFor={`${id}-category`}>{t('category')}</label>
                <Select
                  id={`${id}-category`}
                  style={{ width: '100%' }}
                  allowClear
                  placeholder={t('common:form.choose')}
                  value={draft.category}
                  options={pack?.categories.map((it) =>
                    it.children.length > 0
                      ? {
                          label: it.label,
                          options: it.children.map((kid) => ({ value: kid.key, label: kid.label })),
                        }
                      : { value: it.key, label: it.label },
                  )}
                  onChange={(category?: string) => set({ category })}
                />
              </div>
              <SchemaForm
                schema={own}
                columns={1}
                values={draft.fields}
                errors={errors}
                onChange={(fields) => set({ fields })}
              />
            </div>
          </details>
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
