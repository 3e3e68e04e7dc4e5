import { Button, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Pack } from '../../api/types';
import { flatten } from '../../shared/desk/pack-form';
import { RefSelect } from '../../shared/form/ref-select';
import type { Directory } from '../../shared/lib/queries';
import { CloseIcon, PlusIcon } from '../../shared/ui/icons';
import css from './kit-fields.module.css';
import { StepList } from './step-list';

interface Step {
  action: string;
  fields?: Record<string, unknown>;
}

/** The commands that a macro is usually made of, with the fields that each takes. */
const commands: Record<string, readonly string[]> = {
  accept: [],
  assign: ['team', 'assignee', 'reason', 'note'],
  comment: ['visibility', 'body'],
  hold: ['reason', 'note'],
  resume: [],
  cancel: ['reason', 'note'],
  watch: ['user'],
  ask_expert: ['team', 'person', 'question'],
};
const references: Record<string, Directory> = {
  team: 'teams',
  assignee: 'users',
  person: 'users',
  user: 'users',
  requester: 'users',
  service: 'services',
  site: 'sites',
};

interface Props {
  pack: Pack | undefined;
  steps: unknown;
  onChange: (steps: Step[]) => void;
}

export function MacroSteps({ pack, steps, onChange }: Props) {
  const { t } = useTranslation('admin');
  const actions = [
    ...Object.keys(commands).map((it) => ({ value: it, label: t(`macro_action_${it}`) })),
    { value: 'edit', label: t('macro_action_edit') },
    ...(pack?.outcomes ?? []).map((it) => ({ value: it.key, label: it.label })),
  ];
  return (
    <StepList<Step>
      title={t('macro_steps')}
      steps={Array.isArray(steps) ? (steps as Step[]) : []}
      most={10}
      fresh={() => ({ action: 'comment', fields: { visibility: 'public' } })}
      onChange={onChange}
    >
      {(step, set, index) => (
        <>
          <Select
            aria-label={`${t('macro_action')} ${index + 1}`}
            showSearch={{ optionFilterProp: 'label' }}
            value={step.action}
            options={actions}
            onChange={(action: string) => set({ action, fields: {} })}
          />
          <Fields pack={pack} step={step} onChange={(fields) => set({ ...step, fields })} />
        </>
      )}
    </StepList>
  );
}

function Fields(props: {
  pack: Pack | undefined;
  step: Step;
  onChange: (fields: Record<string, unknown>) => void;
}) {
  const { t } = useTranslation('admin');
  const { pack, step, onChange } = props;
  const given = step.fields ?? {};
  const own = commands[step.action];
  const options = own
    ? own.map((it) => ({ value: it, label: t(`macro_field_${it}`) }))
    : (pack?.fields ?? []).map((it) => ({ value: it.key, label: it.label }));
  const free = options.filter((it) => !(it.value in given));
  const rename = (from: string, to: string) =>
    onChange(
      Object.fromEntries(Object.entries(given).map(([key, it]) => (key === from ? [to, ''] : [key, it]))),
    );
  const without = (name: string) => Object.fromEntries(Object.entries(given).filter(([key]) => key !== name));
  return (
    <>
      {Object.entries(given).map(([name, value]) => (
        <div key={name} className={css.field}>
          <Select
            aria-label={t('macro_field')}
            showSearch={{ optionFilterProp: 'label' }}
            value={name}
            options={options.filter((it) => it.value === name || free.includes(it))}
            onChange={(next: string) => rename(name, next)}
          />
          <FieldValue
            pack={pack}
            action={step.action}
            name={name}
            label={options.find((it) => it.value === name)?.label ?? name}
            value={value}
            onChange={(next) => onChange({ ...given, [name]: next })}
          />
          <Button
            type="text"
            icon={<CloseIcon />}
            aria-label={t('macro_field_remove')}
            onClick={() => onChange(without(name))}
          />
        </div>
      ))}
      {free[0] && (
        <div>
          <Button
            type="link"
            size="small"
            icon={<PlusIcon />}
            onClick={() => free[0] && onChange({ ...given, [free[0].value]: '' })}
          >
            {t('macro_field_add')}
          </Button>
        </div>
      )}
    </>
  );
}

function FieldValue(props: {
  pack: Pack | undefined;
  action: string;
  name: string;
  label: string;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const { t } = useTranslation('admin');
  const { pack, action, name, label, value, onChange } = props;
  const text = typeof value === 'string' ? value : value == null ? '' : String(value);
  const kind = references[name];
  if (kind)
    return (
      <RefSelect
        kind={kind}
        label={label}
        value={text || undefined}
        onChange={(key) => onChange(key ?? '')}
      />
    );
  const choices = choicesOf(pack, action, name, [
    { value: 'public', label: t('macro_public') },
    { value: 'internal', label: t('macro_internal') },
  ]);
  if (choices)
    return (
      <Select
        aria-label={label}
        showSearch={{ optionFilterProp: 'label' }}
        value={text || undefined}
        options={choices}
        onChange={onChange}
      />
    );
  return (
    <Input.TextArea
      aria-label={label}
      autoSize={{ minRows: 1, maxRows: 8 }}
      value={text}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

type Choices = { value: string; label: string }[];

function choicesOf(
  pack: Pack | undefined,
  action: string,
  name: string,
  visibilities: Choices,
): Choices | undefined {
  if (name === 'visibility') return visibilities;
  const list = (items: { key: string; label: string }[] | undefined) =>
    items?.map((it) => ({ value: it.key, label: it.label }));
  if (name === 'reason') return list(pack?.reasons[action === 'assign' ? 'reassign' : action]);
  if (name === 'category')
    return flatten(pack?.categories ?? []).map((it) => ({ value: it.const, label: it.title }));
  const words = pack?.values[name];
  return words && Object.entries(words).map(([key, title]) => ({ value: key, label: title }));
}
