import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ImportPreview } from '../../api/types';
import table from '../../shared/table/table.module.css';
import { useClearing } from '../../shared/ui/clearing';
import css from './import.module.css';

interface Props {
  seen: ImportPreview;
  /** Field by column. */
  map: Record<string, string>;
  onChange: (map: Record<string, string>) => void;
}

/** What each column of the file is: guessed from its name, corrected by hand, with the first rows beside. */
export function ImportColumns({ seen, map, onChange }: Props) {
  const { t } = useTranslation('admin');
  const clearing = useClearing();
  const choose = (column: string, field: string | undefined) => {
    // A field has one column: the last choice stands.
    const others = Object.entries(map).filter(([name, it]) => name !== column && it !== field);
    onChange(Object.fromEntries(field ? [...others, [column, field]] : others));
  };
  return (
    <div className={table.wrap}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t('import_column')}</th>
            <th scope="col">{t('import_field')}</th>
            <th scope="col" className={table.wide}>
              {t('import_sample')}
            </th>
          </tr>
        </thead>
        <tbody>
          {seen.columns.map((column, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are, and names may repeat
            <tr key={at}>
              <td className={css.cell}>{column || <span className="dim">{t('import_unnamed')}</span>}</td>
              <td>
                <Select
                  size="small"
                  style={{ width: '100%', minWidth: 140 }}
                  aria-label={t('import_field_of', { column })}
                  allowClear={clearing}
                  placeholder={t('import_leave')}
                  value={map[column]}
                  options={seen.fields.map((it) => ({
                    value: it.key,
                    label: it.required ? `${it.label} *` : it.label,
                  }))}
                  onChange={(field: string | undefined) => choose(column, field)}
                />
              </td>
              <td className={`dim ${table.wide} ${css.cell}`}>
                {seen.rows
                  .slice(0, 3)
                  .map((row) => row[at])
                  .filter(Boolean)
                  .join(' · ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
