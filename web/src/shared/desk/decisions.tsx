import { useTranslation } from 'react-i18next';
import type { Decision } from '../../api/types';
import css from './desk.module.css';

interface Named {
  label: string;
  value: unknown;
  value_label: string;
}

/** A field and its value in words. */
function useInWords() {
  const { t } = useTranslation();
  return ({ label, value, value_label }: Named) =>
    `${label} ${typeof value === 'boolean' ? t(value ? 'common:yes' : 'common:no') : value_label}`;
}

/** Why priority, team and the like are what they are: folded to what was decided, opened to the rows and values behind it. */
export function Decisions({ decisions }: { decisions: Decision[] }) {
  const { t } = useTranslation('desk');
  const inWords = useInWords();
  if (decisions.length === 0) return null;
  const what = decisions.flatMap((it) => it.outputs.map(inWords)).join(' · ');
  return (
    <details className={css.decisions}>
      <summary>{t('decided', { what })}</summary>
      <ul>
        {decisions.map((it, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: decisions of one entry, which never changes
          <li key={index}>
            <Told decision={it} />
          </li>
        ))}
      </ul>
    </details>
  );
}

/** One decision: what it said, by which row, on which values. */
export function Told({ decision }: { decision: Decision }) {
  const { t } = useTranslation('desk');
  const inWords = useInWords();
  const { inputs, outputs, rules, label } = decision;
  const what = outputs.map(inWords).join(' · ');
  const kept = outputs.filter((it) => it.kept_by_hand);
  const row = rules.map((it) => it.row ?? it.id).join(t('decided_join'));
  const by = inputs.map((it) => it.label).join(' × ') || label;
  return (
    <>
      {row ? t('decided_row', { what, by, row }) : t('decided_table', { what, table: label })}
      <span className="dim">
        {inputs.length > 0 && t('decided_on', { values: inputs.map(inWords).join(' · ') })}
        {rules.map((it) => it.description && t('decided_why', { why: it.description }))}
      </span>
      {kept.length > 0 && <b> {t('decided_kept', { what: kept.map(inWords).join(' · ') })}</b>}
    </>
  );
}
