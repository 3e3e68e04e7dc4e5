import { Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import type { DecisionTable, Pack } from '../../api/types';
import { CloseIcon, DownIcon, UpIcon } from '../../shared/ui/icons';
import type { Rule } from './cell';
import { InputCell, OutputCell } from './table-cell';
import css from './tables.module.css';

interface Props {
  pack: Pack;
  table: DecisionTable;
  rule: Rule;
  /** Counted from 0. */
  place: number;
  last: boolean;
  plain: boolean;
  /** What is wrong, by `row.column`. */
  faults: Map<string, string>;
  onChange: (rule: Rule) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

/** One row: what it asks, what it gives, what its author says of it. */
export function RuleRow({
  pack,
  table,
  rule,
  place,
  last,
  plain,
  faults,
  onChange,
  onMove,
  onRemove,
}: Props) {
  const { t } = useTranslation('tables');
  const row = place + 1;
  const fault = (column: string) => faults.get(`${place}.${column}`);
  const put = (column: string) => (source: string) => onChange({ ...rule, [column]: source });
  const cell = (column: { id: string; field: string; label: string }) => ({
    pack,
    plain,
    field: column.field,
    source: rule[column.id] ?? '',
    label: t('cell', { row, column: column.label }),
    fault: fault(column.id),
    onChange: put(column.id),
  });
  const wrong = (column: string) => fault(column) && <p className={css.fault}>{fault(column)}</p>;
  const hasFault = [...faults.keys()].some((key) => key.startsWith(`${place}.`));
  return (
    <tr data-fault={hasFault || undefined}>
      <td className={css.place}>{row}</td>
      {table.inputs.map((it) => (
        <td key={it.id} className={css.asks}>
          <InputCell {...cell(it)} />
          {wrong(it.id)}
        </td>
      ))}
      {table.outputs.map((it, index) => (
        <td key={it.id} className={index === 0 ? css.gives : css.asks}>
          <OutputCell {...cell(it)} />
          {wrong(it.id)}
        </td>
      ))}
      <td className={css.says}>
        <Input
          aria-label={t('cell', { row, column: t('says') })}
          value={rule._description ?? ''}
          maxLength={500}
          onChange={(event) => put('_description')(event.target.value)}
        />
        {wrong('_description')}
        {wrong('_id')}
      </td>
      <td className={css.acts}>
        <Button
          type="text"
          size="small"
          icon={<UpIcon />}
          aria-label={t('up', { row })}
          title={t('up', { row })}
          disabled={place === 0}
          onClick={() => onMove(-1)}
        />
        <Button
          type="text"
          size="small"
          icon={<DownIcon />}
          aria-label={t('down', { row })}
          title={t('down', { row })}
          disabled={last}
          onClick={() => onMove(1)}
        />
        <Button
          type="text"
          size="small"
          icon={<CloseIcon />}
          aria-label={t('remove', { row })}
          title={t('remove', { row })}
          onClick={onRemove}
        />
      </td>
    </tr>
  );
}
