import { useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ref } from '../../api/types';
import { FieldInput } from './field-input';
import css from './form.module.css';
import { RequiredMark } from './required-mark';
import { type Field, type FieldError, fieldsOf, type JsonSchema, type Values } from './schema';

/** How a pack lays its form out: sections of field names; what is not named comes last. */
export interface FormLayout {
  sections?: { label?: string; fields?: string[]; collapsed?: boolean }[];
}

interface Props {
  schema: JsonSchema;
  layout?: FormLayout;
  values: Values;
  errors: FieldError[];
  disabled?: boolean;
  columns?: 1 | 2;
  onChange: (values: Values) => void;
  /** References behind the values, for their labels. */
  known?: Record<string, unknown>;
}

const isRef = (value: unknown): value is Ref =>
  typeof value === 'object' && value !== null && 'key' in value && 'label' in value;

export function useErrorText() {
  const { t } = useTranslation();
  return (error: FieldError, title: string) =>
    error.key === 'said'
      ? (error.said ?? '')
      : t(`common:form.${error.key}`, { count: error.count, label: title, defaultValue: error.key });
}

/** What is wrong with a field is wrong until something else stands in it: what was said of a value ends with the value. */
export function useStanding(errors: FieldError[], values: Values): FieldError[] {
  const found = useRef({ errors, values });
  if (found.current.errors !== errors) found.current = { errors, values };
  return errors.filter((it) => values[it.name] === found.current.values[it.name]);
}

/** Draws a form from a JSON Schema of flat fields. */
export function SchemaForm(props: Props) {
  const base = useId();
  const errorText = useErrorText();
  const standing = useStanding(props.errors, props.values);
  const fields = fieldsOf(props.schema, props.values);
  const byName = new Map(fields.map((it) => [it.name, it]));
  const placed = new Set(props.layout?.sections?.flatMap((it) => it.fields ?? []));
  const sections = [
    ...(props.layout?.sections ?? []).map((it) => ({
      label: it.label,
      fields: (it.fields ?? []).flatMap((name) => byName.get(name) ?? []),
    })),
    { label: undefined, fields: fields.filter((it) => !placed.has(it.name)) },
  ].filter((it) => it.fields.length > 0);

  const draw = (field: Field) => {
    const id = `${base}-${field.name}`;
    const error = standing.find((it) => it.name === field.name);
    const described = [field.help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ');
    const behind = props.known?.[field.name];
    const wide = field.kind === 'textarea' || props.columns === 1 || field.schema['x-wide'] === true;
    return (
      <div
        key={field.name}
        className={`${css.field} ${wide ? css.wide : ''}`}
        data-error={error ? true : undefined}
      >
        <label htmlFor={id}>
          {field.title}
          {field.required && <RequiredMark />}
        </label>
        <FieldInput
          id={id}
          field={field}
          value={props.values[field.name]}
          known={isRef(behind) ? behind : null}
          behind={Array.isArray(behind) ? behind.filter(isRef) : undefined}
          invalid={Boolean(error)}
          describedBy={described || undefined}
          disabled={props.disabled}
          onChange={(value) => props.onChange({ ...props.values, [field.name]: value })}
        />
        {field.help && (
          <p id={`${id}-help`} className={css.help}>
            {field.help}
          </p>
        )}
        {error && (
          <p id={`${id}-error`} className={css.error}>
            {errorText(error, field.title)}
          </p>
        )}
      </div>
    );
  };
  return (
    <div className={css.form}>
      {sections.map((section, index) => (
        <section key={section.label ?? index} className={css.section} aria-label={section.label}>
          {section.label && <h2 className={css.heading}>{section.label}</h2>}
          <div className={css.grid}>{section.fields.map(draw)}</div>
        </section>
      ))}
    </div>
  );
}
