import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Pack, WorkRecord } from '../../api/types';
import { flowQuery } from '../../shared/lib/queries';
import table from '../../shared/table/table.module.css';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones } from '../../shared/ui/page';
import { TimeAgo } from '../../shared/ui/time-ago';
import { FlowDiagram } from './flow-diagram';
import { namesOf, stepsOf } from './flow-path';

/** Where the record is in its flow: the drawing, and the same as a table for those who do not see it. */
export function FlowTab({ record, pack }: { record: WorkRecord; pack: Pack | undefined }) {
  const { t } = useTranslation('record');
  const { data, error, refetch } = useQuery(flowQuery(record.type, record.number));
  if (error && !data) return <ErrorView error={error} retry={() => void refetch()} />;
  if (!data) return <Bones rows={8} />;
  const names = namesOf(data, pack);
  const steps = stepsOf(data, names);
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <FlowDiagram flow={data} names={names} />
      <section aria-label={t('flow_steps')}>
        <h2 style={{ marginBottom: 8 }}>{t('flow_steps')}</h2>
        <div className={`card ${table.wrap}`}>
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col">{t('flow_step')}</th>
                <th scope="col">{t('flow_by')}</th>
                <th scope="col" className={table.wide}>
                  {t('flow_outcome')}
                </th>
                <th scope="col">{t('flow_entered')}</th>
                <th scope="col">{t('flow_left')}</th>
              </tr>
            </thead>
            <tbody>
              {steps.map((it) => (
                <tr key={it.key} data-current={it.current || undefined}>
                  <td>{it.name}</td>
                  <td>{it.who ?? <span className="dim">—</span>}</td>
                  <td className={table.wide}>{it.outcome ?? <span className="dim">—</span>}</td>
                  <td>
                    <TimeAgo at={it.enteredAt} />
                  </td>
                  <td>{it.current ? t('flow_legend_now') : <TimeAgo at={it.leftAt} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </div>
  );
}
