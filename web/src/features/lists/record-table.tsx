import { Link } from '@tanstack/react-router';
import { Checkbox } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Pack, RecordItem } from '../../api/types';
import { isOwn, listFields, ownName } from '../../shared/condition/fields';
import { valueLabel } from '../../shared/desk/pack-form';
import css from '../../shared/table/table.module.css';
import { Person, PhaseMark, Priority } from '../../shared/ui/marks';
import { TimeAgo } from '../../shared/ui/time-ago';
import list from './lists.module.css';
import type { Selection } from './selection';

interface Props {
  rows: RecordItem[];
  current?: string;
  gone: ReadonlySet<string>;
  pack: Pack | undefined;
  columns: string[];
  selection: Selection;
  onPick: (row: RecordItem) => void;
  onPeek: (row: RecordItem) => void;
}

/** How wide columns are; the title takes what is left. */
const widths: Record<string, string | undefined> = {
  priority: css.cPriority,
  number: css.cNumber,
  service: css.cService,
  state: css.cState,
  phase: css.cState,
  opened_at: css.cTime,
  updated_at: css.cTime,
};
/** What stays where there is little room. */
const stays = new Set(['priority', 'number', 'state', 'phase', 'opened_at', 'updated_at']);

const cellClass = (column: string) =>
  column === 'title'
    ? css.mTitle
    : column === 'assignee'
      ? css.mHide
      : stays.has(column)
        ? undefined
        : css.wide;

function headClass(column: string) {
  if (column === 'title') return undefined;
  const width = widths[column] ?? css.cPerson;
  return stays.has(column) || column === 'assignee' ? width : `${width} ${css.wide}`;
}

const dash = <span className="dim">—</span>;

function Cell({ row, column, pack }: { row: RecordItem; column: string; pack: Pack | undefined }): ReactNode {
  const { t } = useTranslation('lists');
  if (isOwn(column)) {
    const value = row.fields?.[ownName(column)];
    const instant = (pack?.form.properties?.[ownName(column)] as { format?: string } | undefined)?.format;
    if (instant === 'instant' && typeof value === 'number')
      return <TimeAgo at={new Date(value).toISOString()} />;
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    return valueLabel(pack, ownName(column), value);
  }
  switch (column) {
    case 'priority': {
      const label = pack?.priorities.find((it) => it.key === row.priority)?.label;
      return <Priority value={row.priority} label={label} />;
    }
    case 'number':
      return <span className="mono dim">{row.number}</span>;
    case 'title':
      return (
        <Link
          to="/w/records/$type/$number"
          params={{ type: row.type, number: row.number }}
          search={{}}
          className={css.titleLink}
        >
          {row.title}
        </Link>
      );
    case 'requester':
    case 'reporter':
      return <Person of={row[column]} bare />;
    case 'assignee':
      if (row.assignee) return <Person of={row.assignee} />;
      return row.on_duty ? (
        <span className={list.duty}>
          <i>{t('duty')}</i> {row.on_duty.label}
        </span>
      ) : (
        dash
      );
    case 'state':
      return <PhaseMark phase={row.phase} label={row.state_label} />;
    case 'phase':
      return <PhaseMark phase={row.phase} label={t(`common:phase.${row.phase}`)} />;
    case 'service':
    case 'site':
    case 'team':
    case 'category':
      return row[column]?.label ?? dash;
    case 'opened_at':
    case 'responded_at':
    case 'resolved_at':
    case 'closed_at':
    case 'updated_at': {
      const at = row[column];
      return at ? <TimeAgo at={at} /> : dash;
    }
    case 'impact':
    case 'urgency':
    case 'channel':
      return valueLabel(pack, column, row[column]);
    case 'reassign_count':
    case 'reopen_count':
      return row[column];
    default:
      return dash;
  }
}

export function RecordTable(props: Props) {
  const { rows, current, gone, pack, columns, selection, onPick, onPeek } = props;
  const { t } = useTranslation('lists');
  const names = listFields(pack, t);
  const label = (column: string) => names.find((it) => it.name === column)?.label ?? column;
  const some = selection.numbers.size > 0;
  return (
    <table className={`${css.table} ${css.records}`} aria-label={t('list')}>
      <thead>
        <tr>
          <th scope="col" className={list.cSelect}>
            <Checkbox
              aria-label={t('select_loaded')}
              checked={some && selection.numbers.size >= rows.length}
              indeterminate={some && selection.numbers.size < rows.length}
              onChange={selection.loaded}
            />
          </th>
          {columns.map((column) => (
            <th key={column} scope="col" className={headClass(column)}>
              {column === 'priority' ? (
                <span className="visually-hidden">{label(column)}</span>
              ) : (
                label(column)
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((it) => (
          <tr
            key={it.id}
            data-row={it.id}
            data-live={it.id}
            data-current={current === it.id || undefined}
            data-selected={selection.numbers.has(it.number) || undefined}
            className={gone.has(it.id) ? css.gone : undefined}
            onFocus={() => onPick(it)}
            onClick={(event) => {
              const on = event.target as HTMLElement;
              if (!on.closest('a, label, input')) onPeek(it);
            }}
            onKeyDown={() => {}}
          >
            <td className={list.cSelect}>
              <Checkbox
                aria-label={t('select_row', { number: it.number })}
                checked={selection.numbers.has(it.number)}
                onChange={(event) => selection.toggle(it.number, event.nativeEvent.shiftKey === true)}
              />
            </td>
            {columns.map((column) => (
              <td
                key={column}
                className={cellClass(column)}
                title={column === 'title' ? it.title : undefined}
              >
                <Cell row={it} column={column} pack={pack} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
