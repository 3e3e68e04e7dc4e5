import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button, Checkbox, Select } from 'antd';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportPreview } from '../../api/types';
import { mayImport } from '../../shared/lib/admin-pages';
import { meQuery } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import { PageHead, useTitle } from '../../shared/ui/page';
import css from './import.module.css';
import { ImportColumns } from './import-columns';
import { type ImportKind, importKinds, previewImport, saveTemplate, startImport } from './import-file';
import { ImportResult } from './import-result';

const route = getRouteApi('/signed-in/w/admin/import');
const modes = ['upsert', 'create', 'update'] as const;

/** A file on its way in: chosen, looked at, tried, and only then written. */
export function ImportPage() {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const problem = useProblem();
  const navigate = route.useNavigate();
  const { kind: asked } = route.useSearch();
  const { data: me } = useQuery(meQuery);
  const kinds = importKinds.filter((it) => me && mayImport(me, it));
  const kind = kinds.find((it) => it === asked) ?? kinds[0] ?? 'users';
  const id = useId();
  const chooser = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File>();
  const [seen, setSeen] = useState<ImportPreview>();
  const [map, setMap] = useState<Record<string, string>>({});
  const [mode, setMode] = useState<(typeof modes)[number]>('upsert');
  const [ending, setEnding] = useState(false);
  const [trial, setTrial] = useState<string>();
  const [job, setJob] = useState<string>();
  const [busy, setBusy] = useState(false);
  useTitle(t('import'));

  const forget = () => {
    setTrial(undefined);
    setJob(undefined);
  };
  const run = async <T,>(what: () => Promise<T>): Promise<T | undefined> => {
    setBusy(true);
    try {
      return await what();
    } catch (error) {
      problem(error);
    } finally {
      setBusy(false);
    }
  };
  const look = async (next: File | undefined, about: ImportKind) => {
    forget();
    setSeen(undefined);
    setFile(next);
    if (!next) return;
    const found = await run(() => previewImport(about, next));
    setSeen(found);
    setMap(found?.map ?? {});
  };
  const start = (dry: boolean) =>
    run(async () => {
      if (!file) return;
      const queued = await startImport({ kind, file, map, mode, deactivate_missing: ending, dry_run: dry });
      if (dry) setTrial(queued.id);
      else {
        setTrial(undefined);
        setJob(queued.id);
        void client.invalidateQueries({ queryKey: ['jobs'] });
      }
    });
  const keyed = seen ? Object.values(map).includes(seen.fields[0]?.key ?? '') : false;
  return (
    <>
      <PageHead title={t('import')} answer={t('import_answer')} />
      <ol className={css.steps}>
        <li className="card">
          <h2>{t('import_what')}</h2>
          <div className={css.row}>
            <label htmlFor={`${id}-kind`}>{t('import_kind')}</label>
            <Select
              id={`${id}-kind`}
              style={{ minWidth: 160 }}
              value={kind}
              options={kinds.map((it) => ({ value: it, label: t(it === 'users' ? 'users' : `kind_${it}`) }))}
              onChange={(next) => {
                void navigate({ search: { kind: next }, replace: true });
                void look(file, next);
              }}
            />
            <Button onClick={() => void run(() => saveTemplate(kind))}>{t('import_template')}</Button>
          </div>
          <p className="dim small">{t('import_file_help')}</p>
          <div className={css.row}>
            <input
              ref={chooser}
              type="file"
              hidden
              aria-label={t('import_file')}
              accept=".csv,.txt,.xlsx,text/csv"
              onChange={(event) => {
                void look(event.currentTarget.files?.[0], kind);
                event.currentTarget.value = '';
              }}
            />
            <Button type={file ? 'default' : 'primary'} onClick={() => chooser.current?.click()}>
              {t('import_choose')}
            </Button>
            {file && <span className={css.words}>{file.name}</span>}
          </div>
        </li>
        {seen && (
          <li className="card">
            <h2>{t('import_columns')}</h2>
            <p className="dim small">{t('import_columns_text', { count: seen.total })}</p>
            <ImportColumns
              seen={seen}
              map={map}
              onChange={(next) => {
                forget();
                setMap(next);
              }}
            />
            <div className={css.row}>
              <label htmlFor={`${id}-mode`}>{t('import_mode')}</label>
              <Select
                id={`${id}-mode`}
                style={{ minWidth: 220 }}
                value={mode}
                options={modes.map((it) => ({ value: it, label: t(`import_mode_${it}`) }))}
                onChange={(next) => {
                  forget();
                  setMode(next);
                }}
              />
            </div>
            <Checkbox
              checked={ending}
              onChange={(event) => {
                forget();
                setEnding(event.target.checked);
              }}
            >
              {t('import_missing')}
            </Checkbox>
            {!keyed && (
              <p role="alert" className={css.bad}>
                {t('import_no_key', { field: seen.fields[0]?.label ?? '' })}
              </p>
            )}
            <div className={css.row}>
              <Button
                type={trial || job ? 'default' : 'primary'}
                loading={busy}
                disabled={!keyed}
                onClick={() => void start(true)}
              >
                {t('import_try')}
              </Button>
            </div>
          </li>
        )}
        {trial && (
          <li className="card">
            <h2>{t('import_trial')}</h2>
            <ImportResult key={trial} id={trial} file={file?.name ?? ''}>
              <Button type="primary" loading={busy} onClick={() => void start(false)}>
                {t('import_run')}
              </Button>
            </ImportResult>
          </li>
        )}
        {job && (
          <li className="card">
            <h2>{t('import_done')}</h2>
            <ImportResult key={job} id={job} file={file?.name ?? ''} />
          </li>
        )}
      </ol>
    </>
  );
}
