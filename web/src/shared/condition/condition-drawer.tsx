import { Button, Drawer, Input, InputNumber, Segmented, Select } from 'antd';
import { useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Pack } from '../../api/types';
import { focusError } from '../form/focus-first';
import { RefSelect } from '../form/ref-select';
import { CloseIcon, PlusIcon } from '../ui/icons';
import {
  type Built,
  fitting,
  type Group,
  isUnfinished,
  type Join,
  me,
  myTeams,
  noValue,
  operators,
  operatorsFor,
  parse,
  type Row,
  read,
  type ValueKind,
  write,
} from './condition';
import css from './condition.module.css';
import { type ListField, listFields } from './fields';

interface Props {
  pack: Pack | undefined;
  filter: string | undefined;
  onApply: (filter: string | undefined) => void;
  onClose: () => void;
}

const emptyRow: Row = { field: '', op: '', value: '' };

/** Builds the condition of a list: rows of field, operator and value, joined by all or any. */
export function ConditionDrawer({ pack, filter, onApply, onClose }: Props) {
  const { t } = useTranslation('lists');
  const fields = useMemo(() => listFields(pack, t), [pack, t]);
  const kindOf = (name: string): ValueKind => fields.find((it) => it.name === name)?.kind ?? 'text';
  const given = read(parse(filter));
  const [built, setBuilt] = useState<Built>(() => {
    const fitted = (rows: Row[]) => rows.map((it) => fitting(it, kindOf(it.field)));
    const start: Built = given
      ? {
          ...given,
          rows: fitted(given.rows),
          groups: given.groups.map((it) => ({ ...it, rows: fitted(it.rows) })),
        }
      : { join: 'all', rows: [], groups: [] };
    return start.rows.length + start.groups.length > 0 ? start : { ...start, rows: [emptyRow] };
  });
  const [tried, setTried] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  const lacks = (row: Row) => tried && isUnfinished(row, kindOf);
  const apply = () => {
    if ([built, ...built.groups].some((it) => it.rows.some((row) => isUnfinished(row, kindOf)))) {
      setTried(true);
      return requestAnimationFrame(() => focusError(body.current));
    }
    const written = write(built, kindOf);
    onApply(written && JSON.stringify(written));
    onClose();
  };
  const part = (group: Group, change: (group: Group) => void) => (
    <GroupRows group={group} fields={fields} lacks={lacks} onChange={change} />
  );
  return (
    <Drawer
      open
      title={t('conditions')}
      size={560}
      onClose={onClose}
      footer={
        <div className={css.drawerFoot}>
          <Button
            onClick={() => {
              onApply(undefined);
              onClose();
            }}
          >
            {t('conditions_none')}
          </Button>
          <Button type="primary" onClick={apply}>
            {t('conditions_apply')}
          </Button>
        </div>
      }
    >
      <div ref={body} className={css.parts}>
        {!given && <p className="dim small">{t('conditions_elsewhere')}</p>}
        {part(built, (group) => setBuilt({ ...built, ...group }))}
        {built.groups.map((group, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups without identity
          <fieldset key={index} className={css.group}>
            <legend className="visually-hidden">{t('conditions_group')}</legend>
            {part(group, (next) =>
              setBuilt({ ...built, groups: built.groups.map((it, at) => (at === index ? next : it)) }),
            )}
            <Button
              type="text"
              size="small"
              onClick={() => setBuilt({ ...built, groups: built.groups.filter((_, at) => at !== index) })}
            >
              {t('conditions_group_remove')}
            </Button>
          </fieldset>
        ))}
        <Button
          type="dashed"
          icon={<PlusIcon />}
          onClick={() => setBuilt({ ...built, groups: [...built.groups, { join: 'any', rows: [emptyRow] }] })}
        >
          {t('conditions_group_add')}
        </Button>
      </div>
    </Drawer>
  );
}

function GroupRows(props: {
  group: Group;
  fields: ListField[];
  /** Whether a row lacks its value, once somebody tried to apply it. */
  lacks: (row: Row) => boolean;
  onChange: (group: Group) => void;
}) {
  const { t } = useTranslation('lists');
  const id = useId();
  const { group, fields, lacks, onChange } = props;
  const set = (index: number, row: Row) =>
    onChange({ ...group, rows: group.rows.map((it, at) => (at === index ? row : it)) });
  return (
    <>
      <Segmented<Join>
        size="small"
        aria-label={t('conditions_join')}
        value={group.join}
        options={[
          { value: 'all', label: t('conditions_all') },
          { value: 'any', label: t('conditions_any') },
        ]}
        onChange={(join) => onChange({ ...group, join })}
      />
      {group.rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without identity
        <div key={index} className={css.conditionRow}>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            aria-label={t('conditions_field')}
            placeholder={t('conditions_field')}
            value={row.field || undefined}
            popupMatchSelectWidth={240}
            options={fields.map((it) => ({ value: it.name, label: it.label }))}
            onChange={(field: string) => {
              const kind = fields.find((it) => it.name === field)?.kind ?? 'text';
              set(index, { field, op: operators[kind][0] ?? '', value: '' });
            }}
          />
          <Select
            aria-label={t('conditions_op')}
            disabled={!row.field}
            value={row.op || undefined}
            popupMatchSelectWidth={160}
            options={operatorsFor(row, fields.find((it) => it.name === row.field)?.kind ?? 'text').map(
              (op) => ({ value: op, label: t(`op_${op}`) }),
            )}
            onChange={(op: string) => set(index, { ...row, op })}
          />
          <span className={css.value} data-error={lacks(row) || undefined}>
            <ConditionValue
              field={fields.find((it) => it.name === row.field)}
              row={row}
              wrong={lacks(row) ? `${id}-${index}` : undefined}
              onChange={(value) => set(index, { ...row, value })}
            />
          </span>
          <Button
            type="text"
            icon={<CloseIcon />}
            aria-label={t('conditions_remove')}
            onClick={() => onChange({ ...group, rows: group.rows.filter((_, at) => at !== index) })}
          />
          {lacks(row) && (
            <p id={`${id}-${index}`} role="alert" className={css.lacks}>
              {t(row.field ? 'conditions_no_value' : 'conditions_no_field')}
            </p>
          )}
        </div>
      ))}
      <Button
        type="dashed"
        icon={<PlusIcon />}
        onClick={() => onChange({ ...group, rows: [...group.rows, emptyRow] })}
      >
        {t('conditions_add')}
      </Button>
    </>
  );
}

function ConditionValue(props: {
  field: ListField | undefined;
  row: Row;
  /** The id of what is said against it. */
  wrong?: string;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation('lists');
  const { field, row, wrong, onChange } = props;
  const label = t('conditions_value');
  const marks = {
    status: wrong ? ('error' as const) : undefined,
    'aria-invalid': wrong ? true : undefined,
    'aria-describedby': wrong,
  };
  if (!field || noValue(row.op)) return <span />;
  if (field.kind === 'choice')
    return (
      <Select
        {...marks}
        mode="multiple"
        maxTagCount="responsive"
        showSearch={{ optionFilterProp: 'label' }}
        aria-label={label}
        placeholder={label}
        value={row.value ? row.value.split(',') : []}
        options={field.options}
        onChange={(values: string[]) => onChange(values.join(','))}
      />
    );
  if (
    field.kind === 'users' ||
    field.kind === 'teams' ||
    field.kind === 'services' ||
    field.kind === 'sites'
  ) {
    const first =
      field.kind === 'users'
        ? [{ value: me, label: t('assignee_me') }]
        : field.kind === 'teams'
          ? [{ value: myTeams, label: t('my_teams') }]
          : [];
    return (
      <RefSelect
        kind={field.kind}
        label={label}
        first={first}
        invalid={Boolean(wrong)}
        describedBy={wrong}
        value={row.value || undefined}
        onChange={(key) => onChange(key ?? '')}
      />
    );
  }
  if (row.op === 'within_days' || row.op === 'older_days' || field.kind === 'number')
    return (
      <InputNumber
        {...marks}
        controls={false}
        aria-label={label}
        min={field.kind === 'number' ? undefined : 1}
        max={field.kind === 'number' ? undefined : 36_500}
        suffix={field.kind === 'number' ? undefined : t('days')}
        value={row.value ? Number(row.value) : null}
        onChange={(value) => onChange(value === null ? '' : String(value))}
      />
    );
  return (
    <Input
      {...marks}
      aria-label={label}
      type={field.kind === 'instant' ? 'datetime-local' : 'text'}
      value={row.value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
