// The small signs of a record: how urgent, in which phase, whose. Colour never stands alone.
import type { Phase, Ref } from '../../api/types';
import { useLevels } from '../lib/levels';
import css from './marks.module.css';

export function Priority({ value, label }: { value: string | null | undefined; label?: string }) {
  const look = useLevels();
  if (!value) return <span className="dim">—</span>;
  const { short, label: name, tone } = look(value);
  return (
    <span className={`${css.priority} ${css[tone] ?? css.low}`} title={label ?? name}>
      {short}
    </span>
  );
}

export function PhaseMark({ phase, label }: { phase: Phase; label: string }) {
  return (
    <span className={css.phase} title={label}>
      <span className={`${css.dot} ${css[phase]}`} aria-hidden="true" />
      <span className="ellipsis">{label}</span>
    </span>
  );
}

/** 张伟 → 伟, Zhang Wei → ZW. */
export function initials(name: string): string {
  if (/[\u3400-\u9fff]/.test(name)) return [...name].findLast((sign) => /[\u3400-\u9fff]/.test(sign)) ?? '';
  const words = name.trim().split(/\s+/);
  const first = (word: string | undefined) => [...(word ?? '')][0] ?? '';
  return (first(words[0]) + (words.length > 1 ? first(words.at(-1)) : '')).toUpperCase();
}

export function Avatar({ name, large }: { name: string; large?: boolean }) {
  return (
    <span className={`${css.avatar} ${large ? css.large : ''}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

export function Person({ of, bare }: { of: Ref | null | undefined; bare?: boolean }) {
  if (!of) return <span className="dim">—</span>;
  return (
    <span className={css.person}>
      {!bare && <Avatar name={of.label} />}
      <span className="ellipsis">{of.label}</span>
    </span>
  );
}
