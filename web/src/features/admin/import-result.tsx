import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { jobQuery } from '../../shared/lib/queries';
import table from '../../shared/table/table.module.css';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones } from '../../shared/ui/page';
import css from './import.module.css';
import { csvOf, rowsOf, saveText } from './import-file';

const outcomes = ['created', 'updated', 'unchanged', 'deactivated', 'rejected'] as const;
const shown = 200;

/** A job of the import under way, and what came of it: what was refused stands first. */
export function ImportResult({ id, file, children }: { id: string; file: string; children?: ReactNode }) {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const { data: job, error, refetch } = useQuery(jobQuery(id));
  const ended = job !== undefined && !['waiting', 'running'].includes(job.state);
  const { data: rows } = useQuery({
    queryKey: ['jobs', 'one', id, 'rows'],
    queryFn: () => rowsOf(id),
    enabled: ended,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const result = (job?.result ?? undefined) as Record<string, unknown> | undefined;
  useEffect(() => {
    if (!ended) return;
    for (const key of ['users', 'entries', 'directory']) void client.invalidateQueries({ queryKey: [key] });
  }, [ended, client]);
  if (error) return <ErrorView error={error} retry={() => void refetch()} />;
  if (!job) return <Bones rows={2} />;
  if (!ended) {
    const part = job.total ? job.done / job.total : 0;
    return (
      <p role="status" className={css.row}>
        <progress value={part} aria-label={t('progress')} /> {job.done} / {job.total ?? '…'}
      </p>
    );
  }
  if (!result) {
    return (
      <p role="alert" className={css.bad}>
        {t(`state_${job.state}`)} {job.error}
      </p>
    );
  }
  const told = (it: { no: number; subject: string; outcome: string; message?: string | null }) => [
    String(it.no),
    it.subject,
    t(`import_${it.outcome}`),
    it.message ?? '',
  ];
  const rejected = rows?.filter((it) => it.outcome === 'rejected') ?? [];
  const others = rows?.filter((it) => it.outcome !== 'rejected' && it.outcome !== 'unchanged') ?? [];
  const list = [...rejected, ...others];
  const head = [t('import_line'), t('key'), t('import_outcome'), t('import_reason')];
  const save = () => {
    const name = file.replace(/\.\w+$/, '');
    saveText(`${name}.rejects.csv`, csvOf([head, ...rejected.map(told)]));
  };
  return (
    <>
      <p role="status" className={css.counts}>
        {outcomes.map((it) => (
          <span key={it} className={it === 'rejected' && Number(result[it]) > 0 ? css.bad : undefined}>
            {t(`import_${it}`)} <strong>{String(result[it])}</strong>
          </span>
        ))}
      </p>
      {result.deactivation_skipped === true && <p className={css.bad}>{t('import_skipped')}</p>}
      {list.length > 0 && (
        <div className={table.wrap}>
          <table className={table.table}>
            <thead>
              <tr>
                {head.map((it) => (
                  <th key={it} scope="col">
                    {it}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {list.slice(0, shown).map((it) => (
                <tr key={it.no}>
                  <td>{it.no}</td>
                  <td className={`mono ${css.cell}`}>{it.subject}</td>
                  <td className={`${css.word} ${it.outcome === 'rejected' ? css.bad : ''}`}>
                    {t(`import_${it.outcome}`)}
                  </td>
                  <td className={css.words}>{it.message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {list.length > shown && <p className="dim small">{t('import_more', { count: list.length - shown })}</p>}
      <div className={css.row}>
        {children}
        {rejected.length > 0 && <Button onClick={save}>{t('import_rejects')}</Button>}
      </div>
    </>
  );
}
