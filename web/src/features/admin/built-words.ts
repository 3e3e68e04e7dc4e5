// Values with parts, which the journal keeps as JSON, in the words of the pages where they are built.
import type { TFunction } from 'i18next';
import type { Pack } from '../../api/types';
import { type Group, me, myTeams, noValue, type Row, read } from '../../shared/condition/condition';
import { flatten } from '../../shared/desk/pack-form';
import { exactTime } from '../../shared/lib/time';

/** How things are called: texts, the names that a pack has for fields and values, those of entries by field, and the language of the reader. */
export interface Names {
  t: TFunction<'admin'>;
  pack: Pack | undefined;
  language: string;
  entries?: Record<string, Map<string, string>>;
}

type Parts = Record<string, unknown>;
const isParts = (it: unknown): it is Parts => typeof it === 'object' && it !== null && !Array.isArray(it);
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:[\d.]+)?(Z|[+-]\d\d:\d\d)$/;
const timeOfDay = /^\d\d:\d\d$/;

/** JSON in a text; undefined where it is none, or was cut off. */
export function parsed(text: string): unknown {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A moment in the reader's zone; anything else as it is. */
export const momentWords = (text: string, language: string) =>
  instant.test(text) && !Number.isNaN(Date.parse(text)) ? exactTime(text, language, 'short') : text;

const fieldName = (field: string, { pack, t }: Names) => {
  const name = field.replace(/^fields\./, '');
  const label = pack?.fields.find((it) => it.key === name)?.label;
  return label ?? t(`lists:field_${name}`, { defaultValue: name });
};

function valueName(field: string, value: string, names: Names): string {
  const { pack, t } = names;
  if (value === me) return t('lists:assignee_me');
  if (value === myTeams) return t('lists:my_teams', { defaultValue: value });
  const name = field.replace(/^fields\./, '');
  if (name === 'phase') return t(`common:phase.${value}`, { defaultValue: value });
  const known = { state: pack?.states, priority: pack?.priorities, channel: pack?.channels }[name];
  const label = known?.find((it) => it.key === value)?.label ?? names.entries?.[name]?.get(value);
  if (label) return label;
  if (name === 'category' && pack)
    return flatten(pack.categories).find((it) => it.const === value)?.title ?? value;
  return pack?.values[name]?.[value] ?? momentWords(value, names.language);
}

function rowWords({ field, op, value }: Row, names: Names): string {
  const { t } = names;
  const what = `${fieldName(field, names)} ${t(`lists:op_${op}`, { defaultValue: op })}`;
  if (noValue(op)) return what;
  const values = op === 'in' || op === 'not_in' ? value.split(',') : [value];
  const said = values.map((it) => valueName(field, it, names)).join(t('common:comma'));
  return `${what} ${said}${op.endsWith('_days') ? ` ${t('lists:days')}` : ''}`;
}

/** A condition as the builder says it; undefined where the builder could not show it. */
export function conditionWords(json: unknown, names: Names): string | undefined {
  const built = read(json);
  if (!built) return undefined;
  const { t } = names;
  const group = ({ join, rows }: Group, more: string[] = []): string => {
    const tests = [...rows.map((row) => rowWords(row, names)), ...more];
    return tests.length > 1
      ? `${t(`lists:conditions_${join}`)}${t('common:colon')}${tests.join(t('common:semicolon'))}`
      : (tests[0] ?? '');
  };
  return group(
    built,
    built.groups.map((it) => `(${group(it)})`),
  );
}

/** The steps of a macro or of a checklist; undefined for anything else. */
function stepWords(steps: unknown[], names: Names): string | undefined {
  const { t, pack, language } = names;
  const words = steps.map((step) => {
    if (!isParts(step)) return undefined;
    if (isParts(step.text)) {
      const said = step.text[language === 'en' ? 'en' : 'zh'] ?? step.text.zh ?? step.text.en;
      return `${String(said ?? '')}${step.mandatory === true ? ` (${t('check_mandatory')})` : ''}`;
    }
    const { action } = step;
    if (typeof action !== 'string') return undefined;
    const outcome = pack?.outcomes.find((it) => it.key === action)?.label;
    const name = t(`macro_action_${action}`, { defaultValue: outcome ?? action });
    const told = (field: string, value: unknown) => {
      if (typeof value !== 'string') return plainWords(value, field, names);
      if (field === 'visibility') return t(`macro_${value}`, { defaultValue: value });
      const reasons = pack?.reasons[action === 'assign' ? 'reassign' : action];
      const reason = field === 'reason' && reasons?.find((it) => it.key === value);
      return reason ? reason.label : valueName(field, value, names);
    };
    const fields = Object.entries(isParts(step.fields) ? step.fields : {}).map(([field, value]) => {
      const label = t(`macro_field_${field}`, { defaultValue: fieldName(field, names) });
      return `${label} ${told(field, value)}`;
    });
    return fields.length > 0 ? `${name} (${fields.join(t('common:comma'))})` : name;
  });
  if (words.some((it) => it === undefined)) return undefined;
  return words.map((it, index) => `${index + 1}. ${it}`).join(' ');
}

/** A value of any shape, its parts named by the texts of the settings under `path`. */
export function plainWords(value: unknown, path: string, names: Names): string {
  const { t, language } = names;
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return t(value ? 'common:yes' : 'common:no');
  if (typeof value === 'string') {
    const plain = path.startsWith('setup_')
      ? t(`setup:step_${value}`, { defaultValue: value })
      : momentWords(value, language);
    return t(`settings:v_${path}_${value}`, { defaultValue: plain });
  }
  if (Array.isArray(value)) {
    const times = value.length === 2 && value.every((it) => typeof it === 'string' && timeOfDay.test(it));
    return value.map((it) => plainWords(it, path, names)).join(times ? '–' : t('common:comma'));
  }
  if (!isParts(value)) return String(value);
  const parts = Object.entries(value).filter(([, part]) => part !== null);
  return parts
    .map(([key, part]) => {
      const name = t(`settings:f_${path}_${key}`, {
        defaultValue: t(`audit_field_${key}`, { defaultValue: key }),
      });
      return `${name}${t('common:colon')}${plainWords(part, `${path}_${key}`, names)}`;
    })
    .join(t('common:semicolon'));
}

/** What a field of an entry holds, in words; undefined where only its JSON tells it. */
export function builtWords(field: string, text: string, names: Names): string | undefined {
  const json = parsed(text);
  if (json === undefined) return undefined;
  if (field === 'filter' || field === 'condition') return conditionWords(json, names);
  if (field === 'steps' && Array.isArray(json)) return stepWords(json, names);
  return field === 'audience' ? plainWords(json, field, names) : undefined;
}
