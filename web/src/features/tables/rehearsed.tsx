import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { DecisionTable, Pack, TableRehearsal } from '../../api/types';
import { directoryQuery } from '../../shared/lib/queries';
import type { Rule } from './cell';
import { choicesOf } from './table-cell';
import css from './tables.module.css';

interface Props {
  type: string;
  table: DecisionTable;
  rules: Rule[];
  pack: Pack;
  told: TableRehearsal;
}

/** So many of one kind are shown at once. */
const few = 3;

/** What the rows would say of past records that the table of now says otherwise. */
export function Rehearsed({ type, table, rules, pack, told }: Props) {
  const { t } = useTranslation('tables');
  const { data: teams } = useQuery(directoryQuery('teams', '', 200));
  const named = (field: string, value: unknown) => {
    const key = String(value ?? '—');
    const label = field === 'team' ? teams?.items.find((it) => it.key === key)?.label : undefined;
    return label ?? choicesOf(pack, field)?.find((it) => it.value === key)?.label ?? key;
  };
  const say = (said: TableRehearsal['items'][number]['before'], rows: { _id: string }[]) => {
    if (!said.output) return t('no_row');
    const output = said.output as Record<string, unknown>;
    const gives = table.outputs.map((it) => named(it.field, output[it.field])).join(t('common:comma'));
    const places = said.rows.map((it) => rows.findIndex((row) => row._id === it) + 1).filter((it) => it > 0);
    return places.length > 0 ? t('by_row', { gives, rows: places.join(t('common:comma')) }) : gives;
  };
  // What goes the same way is looked at together.
  const groups = new Map<string, { before: string; after: string; items: TableRehearsal['items'] }>();
  for (const it of told.items) {
    const before = say(it.before, table.rules as unknown as Rule[]);
    const after = say(it.after, rules);
    const group = groups.get(`${before}→${after}`) ?? { before, after, items: [] };
    group.items.push(it);
    groups.set(`${before}→${after}`, group);
  }
  return (
    <section className={`card ${css.told}`} aria-live="polite">
      <h2>
        {told.items.length === 0
          ? t('no_difference', { count: told.looked_at })
          : t('differences', { count: told.items.length, of: told.looked_at })}
      </h2>
      <p className="dim small">{t('rehearse_help')}</p>
      {[...groups].map(([key, { before, after, items }]) => (
        <details key={key} open={groups.size === 1 || items.length <= few}>
          <summary>
            {before} → <b>{after}</b>{' '}
            <span className="dim">{t('more_like_it', { count: items.length })}</span>
          </summary>
          <ul>
            {items.map((it) => (
              <li key={it.number}>
                <Link
                  className="mono"
                  to="/w/records/$type/$number"
                  params={{ type, number: it.number }}
                  search={{}}
                >
                  {it.number}
                </Link>
                <span>{it.title}</span>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  );
}
