import { Link } from '@tanstack/react-router';
import { Button, Dropdown, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Pack, RecordItem } from '../../api/types';
import { useActions } from '../../shared/desk/use-actions';
import { DownIcon } from '../../shared/ui/icons';
import { Person, Priority } from '../../shared/ui/marks';
import css from './kanban.module.css';
import { Move, type Point } from './kanban-move';

export type GroupBy = 'state' | 'phase' | 'team' | 'assignee';

interface Column {
  key: string;
  label: string;
  rows: RecordItem[];
}

/** Divides rows into columns; states and phases stand in the order of the flow, also empty ones. */
function columnsOf(
  rows: RecordItem[],
  by: GroupBy,
  pack: Pack | undefined,
  none: string,
  phase: (key: string) => string,
): Column[] {
  const keyOf = (it: RecordItem) =>
    by === 'state' ? it.state : by === 'phase' ? it.phase : (it[by]?.key ?? '');
  const found = new Map<string, Column>();
  const open = (key: string, label: string) => {
    const column = found.get(key) ?? { key, label, rows: [] };
    found.set(key, column);
    return column;
  };
  const ended = new Set(['closed', 'cancelled']);
  const states = (pack?.states ?? []).filter(
    (it) => !ended.has(it.phase) || rows.some((row) => row.state === it.key),
  );
  if (by === 'state') for (const it of states) open(it.key, it.label);
  if (by === 'phase') for (const key of new Set(states.map((it) => it.phase))) open(key, phase(key));
  for (const row of rows) {
    const key = keyOf(row);
    const label =
      by === 'state' ? row.state_label : by === 'phase' ? phase(row.phase) : (row[by]?.label ?? none);
    open(key, label).rows.push(row);
  }
  return [...found.values()];
}

interface Props {
  rows: RecordItem[];
  by: GroupBy;
  pack: Pack | undefined;
  more: ReactNode;
  /** Whether there are more than are loaded: then nobody knows how many a column holds. */
  partly: boolean;
  onPeek: (row: RecordItem) => void;
}

/** Cards in columns. A card goes to another one by the action that leads there. */
export function Kanban({ rows, by, pack, more, partly, onPeek }: Props) {
  const { t } = useTranslation('lists');
  const [dragged, setDragged] = useState<RecordItem>();
  const [over, setOver] = useState<string>();
  const [dropped, setDropped] = useState<{ record: RecordItem; to: string; label: string; at: Point }>();
  const [narrow, setNarrow] = useState<string>();
  const columns = columnsOf(rows, by, pack, t('nobody'), (key) => t(`common:phase.${key}`));
  const count = (column: Column) => `${column.rows.length}${partly ? '+' : ''}`;
  const shown = columns.some((it) => it.key === narrow)
    ? narrow
    : (columns.find((it) => it.rows.length > 0) ?? columns[0])?.key;
  return (
    <>
      <Select
        className={css.narrow}
        aria-label={t('kanban_column')}
        value={shown}
        options={columns.map((it) => ({ value: it.key, label: `${it.label} (${count(it)})` }))}
        onChange={setNarrow}
      />
      <div className={css.board}>
        {columns.map((column) => (
          <section
            key={column.key}
            className={css.column}
            aria-label={column.label}
            data-shown={column.key === shown || undefined}
            data-over={over === column.key || undefined}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(column.key);
            }}
            onDragLeave={() => setOver(undefined)}
            onDrop={(event) => {
              event.preventDefault();
              setOver(undefined);
              if (dragged && !column.rows.includes(dragged))
                setDropped({
                  record: dragged,
                  to: column.key,
                  label: column.label,
                  at: { x: event.clientX, y: event.clientY },
                });
              setDragged(undefined);
            }}
          >
            <h2>
              {column.label}{' '}
              <span className="dim" title={partly ? t('kanban_partly') : undefined}>
                {count(column)}
              </span>
            </h2>
            <ul>
              {column.rows.map((it) => (
                <li
                  key={it.id}
                  data-live={it.id}
                  className={css.card}
                  draggable
                  onDragStart={(event) => {
                    event.dataTransfer.setData('text/plain', it.number);
                    setDragged(it);
                  }}
                  onDragEnd={() => setDragged(undefined)}
                >
                  <div className={css.line}>
                    <Priority
                      value={it.priority}
                      label={pack?.priorities.find((one) => one.key === it.priority)?.label}
                    />
                    <button type="button" className="plain mono dim" onClick={() => onPeek(it)}>
                      {it.number}
                    </button>
                    <CardMenu record={it} />
                  </div>
                  <Link
                    to="/w/records/$type/$number"
                    params={{ type: it.type, number: it.number }}
                    search={{}}
                    title={it.title}
                    className={css.title}
                  >
                    {it.title}
                  </Link>
                  <div className="small dim">
                    {it.assignee ? <Person of={it.assignee} bare /> : it.team?.label}
                  </div>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      {more}
      {dropped && (
        <Move
          key={`${dropped.record.id} ${dropped.to} ${dropped.at.x} ${dropped.at.y}`}
          record={dropped.record}
          by={by}
          to={dropped.to}
          label={dropped.label}
          at={dropped.at}
          pack={pack}
          onEnd={() => setDropped(undefined)}
        />
      )}
    </>
  );
}

/** The actions of a card, for the keyboard as for the finger. They are read when the menu is opened. */
function CardMenu({ record }: { record: RecordItem }) {
  const { t } = useTranslation('lists');
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState(false);
  return (
    <span className={css.menu}>
      {wanted ? (
        <LoadedMenu record={record} open={open} onOpen={setOpen} />
      ) : (
        <Button
          type="text"
          size="small"
          icon={<DownIcon />}
          aria-haspopup="menu"
          aria-label={t('kanban_actions', { number: record.number })}
          onClick={() => {
            setWanted(true);
            setOpen(true);
          }}
        />
      )}
    </span>
  );
}

function LoadedMenu(props: { record: RecordItem; open: boolean; onOpen: (open: boolean) => void }) {
  const { t } = useTranslation('lists');
  const actions = useActions(props.record);
  const offered = actions.items.filter((it) => it.enabled);
  return (
    <>
      <Dropdown
        open={props.open}
        onOpenChange={props.onOpen}
        trigger={['click']}
        autoFocus
        menu={{
          items:
            offered.length > 0
              ? offered.map((it) => ({ key: it.key, label: it.label }))
              : [{ key: '', label: t('kanban_no_actions'), disabled: true }],
          onClick: ({ key }) => {
            props.onOpen(false);
            const action = actions.get(key);
            if (action) actions.start(action);
          },
        }}
      >
        <Button
          type="text"
          size="small"
          icon={<DownIcon />}
          aria-haspopup="menu"
          aria-label={t('kanban_actions', { number: props.record.number })}
        />
      </Dropdown>
      {actions.dialog}
    </>
  );
}
