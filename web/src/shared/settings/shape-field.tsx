// Draws a field for whatever shape the server says a setting has. Titles, hints and names of values stand in the texts under the
// setting's path: `f_mail_host`, `h_mail_host`, `v_mail_host_x`.
import { Button, Input } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { FieldInput } from '../form/field-input';
import form from '../form/form.module.css';
import { RequiredMark } from '../form/required-mark';
import { fieldsOf, type JsonSchema, type Option, type Values } from '../form/schema';
import { CloseIcon, PlusIcon } from '../ui/icons';
import css from './settings.module.css';

export interface ShapeError {
  pointer: string;
  text: string;
}

/** What only the page knows: names of parts and of choices that are no texts of ours. */
export interface Naming {
  title?: (path: string) => string | undefined;
  options?: (path: string) => Option[] | undefined;
}

interface Props {
  /** The way to the value without positions in lists, for texts: `retention.rules.type`. */
  path: string;
  /** The way to the value with them, for errors: `/value/rules/0/type`. */
  pointer: string;
  shape: JsonSchema;
  value: unknown;
  required?: boolean;
  /** Stands in a row of a list, whose head names it. */
  bare?: boolean;
  /** Its name is that of the list, which is to be seen above. */
  hidden?: boolean;
  errors: ShapeError[];
  naming: Naming;
  onChange: (value: unknown) => void;
}

const keyOf = (path: string) => path.replaceAll('.', '_');

/** What an empty place of a list begins with. */
const beginning = (shape: JsonSchema): unknown =>
  shape.type === 'object' ? {} : shape['x-widget'] === 'span' ? ['09:00', '18:00'] : undefined;

export function ShapeField(props: Props) {
  const { shape } = props;
  if (shape.type === 'object') return <Parts {...props} />;
  if (shape['x-widget'] === 'span') return <Span {...props} />;
  if (shape.type === 'array') return <Rows {...props} />;
  return <Single {...props} />;
}

function useName(path: string, naming: Naming) {
  const { t } = useTranslation('settings');
  return naming.title?.(path) ?? t(`f_${keyOf(path)}`, { defaultValue: path.split('.').at(-1) ?? '' });
}

function Problem({ id, errors, pointer }: { id: string; errors: ShapeError[]; pointer: string }) {
  const error = errors.find((it) => it.pointer === pointer);
  return error ? (
    <p id={id} className={form.error}>
      {error.text}
    </p>
  ) : null;
}

function Single(props: Props) {
  const { path, pointer, shape, value, required, bare, hidden, errors, naming, onChange } = props;
  const { t } = useTranslation('settings');
  const id = useId();
  const title = useName(path, naming);
  // What is a whole setting has its name and its help above it already.
  const alone = !path.includes('.');
  const help = bare || alone ? '' : t(`h_${keyOf(path)}`, { defaultValue: '' });
  const options = naming.options?.(path);
  const named: JsonSchema = options
    ? { type: 'string', oneOf: options.map((it) => ({ const: it.value, title: it.label })) }
    : {
        ...shape,
        'x-labels': (shape.enum ?? []).map((it) =>
          t(`v_${keyOf(path)}_${String(it)}`, { defaultValue: String(it) }),
        ),
      };
  const [field] = fieldsOf({
    type: 'object',
    properties: { value: { ...named, title } },
    required: required ? ['value'] : [],
  });
  if (!field) return null;
  const wrong = errors.some((it) => it.pointer === pointer);
  return (
    <div className={`${form.field} ${alone ? css.alone : ''}`} data-error={wrong ? true : undefined}>
      <label htmlFor={id} className={alone || hidden ? 'visually-hidden' : bare ? css.rowLabel : undefined}>
        {title}
        {required && <RequiredMark />}
      </label>
      <FieldInput
        id={id}
        field={field}
        value={value}
        invalid={wrong}
        describedBy={[help && `${id}-help`, wrong && `${id}-error`].filter(Boolean).join(' ') || undefined}
        onChange={onChange}
      />
      {help && (
        <p id={`${id}-help`} className={form.help}>
          {help}
        </p>
      )}
      <Problem id={`${id}-error`} errors={errors} pointer={pointer} />
    </div>
  );
}

function Parts(props: Props) {
  const { path, pointer, shape, value, errors, naming, onChange } = props;
  const name = useName(path, naming);
  const values = (value ?? {}) as Values;
  const needed = new Set(shape.required ?? []);
  const parts = Object.entries(shape.properties ?? {}).map(([key, part]) => (
    <ShapeField
      key={key}
      path={`${path}.${key}`}
      pointer={`${pointer}/${key}`}
      shape={part}
      value={values[key]}
      required={needed.has(key)}
      errors={errors}
      naming={naming}
      onChange={(next) => onChange({ ...values, [key]: next })}
    />
  ));
  if (!path.includes('.')) return <div className={css.parts}>{parts}</div>;
  // Groups of groups are seldom needed: they open when asked.
  if (Object.values(shape.properties ?? {}).every((part) => part.type === 'object')) {
    return (
      <details className={css.more}>
        <summary>{name}</summary>
        <div className={css.parts}>{parts}</div>
      </details>
    );
  }
  return (
    <fieldset className={css.group}>
      <legend>{name}</legend>
      <div className={css.parts}>{parts}</div>
      <Problem id={pointer} errors={errors} pointer={pointer} />
    </fieldset>
  );
}

function Rows(props: Props) {
  const { t } = useTranslation('settings');
  const { path, pointer, shape, value, errors, naming, onChange } = props;
  const name = useName(path, naming);
  const rows = Array.isArray(value) ? value : [];
  const item = shape.items ?? {};
  const span = item['x-widget'] === 'span';
  // Of a list of texts the legend is the name, and its help stands once.
  const plain = item.type === 'string';
  const help = plain && path.includes('.') ? t(`h_${keyOf(path)}`, { defaultValue: '' }) : '';
  return (
    <fieldset className={`${css.group} ${span ? css.day : ''}`}>
      <legend>{name}</legend>
      {help && <p className={form.help}>{help}</p>}
      {rows.length === 0 && <span className="dim small">{t('none_here')}</span>}
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place in the list is the row's identity
        <div key={index} className={css.row}>
          <ShapeField
            path={path}
            pointer={`${pointer}/${index}`}
            shape={item}
            value={row}
            bare={plain}
            hidden={plain}
            errors={errors}
            naming={naming}
            onChange={(next) => onChange(rows.map((it, at) => (at === index ? next : it)))}
          />
          <Button
            size="small"
            type={span ? 'text' : 'default'}
            icon={span && <CloseIcon />}
            title={span ? t('common:remove') : undefined}
            aria-label={t('remove_row', { name, number: index + 1 })}
            onClick={() => onChange(rows.filter((_, at) => at !== index))}
          >
            {!span && t('common:remove')}
          </Button>
        </div>
      ))}
      {rows.length < (shape.maxItems ?? 200) && (
        <Button
          size="small"
          type="dashed"
          icon={<PlusIcon />}
          aria-label={t('add_row', { name })}
          onClick={() => onChange([...rows, beginning(item)])}
        >
          {t('add')}
        </Button>
      )}
      <Problem id={pointer} errors={errors} pointer={pointer} />
    </fieldset>
  );
}

function Span({ pointer, value, errors, onChange }: Props) {
  const { t } = useTranslation('settings');
  const pair = Array.isArray(value) ? (value as string[]) : ['', ''];
  const wrong = errors.some((it) => it.pointer === pointer);
  const time = (at: 0 | 1) => (
    <Input
      className={css.time}
      aria-label={t(at === 0 ? 'from' : 'to')}
      status={wrong ? 'error' : undefined}
      aria-invalid={wrong || undefined}
      inputMode="numeric"
      placeholder={at === 0 ? '09:00' : '18:00'}
      maxLength={5}
      value={pair[at]}
      onChange={(event) => onChange(at === 0 ? [event.target.value, pair[1]] : [pair[0], event.target.value])}
    />
  );
  return (
    <span className={css.span} data-error={wrong ? true : undefined}>
      {time(0)} – {time(1)}
      <Problem id={pointer} errors={errors} pointer={pointer} />
    </span>
  );
}
