import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Pack } from '../../api/types';
import { flatten } from '../../shared/desk/pack-form';
import { RefSelect } from '../../shared/form/ref-select';
import { RefsSelect } from '../../shared/form/refs-select';
import { useClearing } from '../../shared/ui/clearing';
import { readCell, readResult, writeCell } from './cell';

const references = { team: 'teams', service: 'services', site: 'sites' } as const;
type Reference = keyof typeof references;
const isReference = (field: string): field is Reference => field in references;

interface Choice {
  value: string;
  label: string;
}

/** What a field can hold, as far as the pack says it in words. */
export function choicesOf(pack: Pack, field: string): Choice[] | undefined {
  const listed = {
    priority: pack.priorities,
    impact: pack.impacts,
    urgency: pack.impacts,
    channel: pack.channels,
  }[field];
  if (listed) return listed.map((it) => ({ value: it.key, label: it.label }));
  const values = pack.values[field];
  return values && Object.entries(values).map(([value, label]) => ({ value, label }));
}

interface Props {
  pack: Pack;
  field: string;
  source: string;
  label: string;
  /** Everything is written out, also what could be chosen. */
  plain: boolean;
  fault?: string;
  onChange: (source: string) => void;
}

function Expression({ source, label, fault, onChange, placeholder }: Props & { placeholder: string }) {
  return (
    <Input
      className="mono"
      aria-label={label}
      aria-invalid={fault ? true : undefined}
      status={fault ? 'error' : undefined}
      placeholder={placeholder}
      value={source}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** What a row asks of a field: values to choose from where they are known, else an expression. */
export function InputCell(props: Props) {
  const { t } = useTranslation('tables');
  const { pack, field, source, label, fault, onChange } = props;
  const cell = readCell(source);
  if (props.plain) return <Expression {...props} placeholder={t('any')} />;
  const status = fault ? ('error' as const) : undefined;
  const values = cell.kind === 'values' || cell.kind === 'below' ? cell.values : [];
  if (cell.kind !== 'expression' && cell.kind !== 'below' && isReference(field))
    return (
      <RefsSelect
        kind={references[field]}
        label={label}
        placeholder={t('any')}
        value={values}
        invalid={Boolean(fault)}
        onChange={(keys) => onChange(writeCell({ kind: 'values', values: keys }))}
      />
    );
  const tree = field === 'category';
  const options = tree
    ? flatten(pack.categories).map((it) => ({ value: it.const, label: it.title }))
    : choicesOf(pack, field);
  const fits = !(tree && cell.kind === 'values') && !(!tree && cell.kind === 'below');
  if (cell.kind !== 'expression' && options && fits)
    return (
      <Select
        mode="multiple"
        aria-label={label}
        status={status}
        placeholder={t('any')}
        style={{ width: '100%' }}
        optionFilterProp="label"
        value={values}
        options={options}
        onChange={(keys: string[]) =>
          onChange(writeCell({ kind: tree ? 'below' : 'values', values: keys }, /^\d/.test(source)))
        }
      />
    );
  return <Expression {...props} placeholder={t('any')} />;
}

/** What a row gives. */
export function OutputCell(props: Props) {
  const { t } = useTranslation('tables');
  const clearing = useClearing();
  const { pack, field, source, label, fault, onChange } = props;
  const value = props.plain ? undefined : readResult(source);
  if (value !== undefined && isReference(field))
    return (
      <RefSelect
        kind={references[field]}
        label={label}
        placeholder={t('nothing')}
        value={value || undefined}
        invalid={Boolean(fault)}
        onChange={(key) => onChange(key ? `'${key}'` : '')}
      />
    );
  const options = choicesOf(pack, field);
  if (value !== undefined && options)
    return (
      <Select
        allowClear={clearing}
        aria-label={label}
        status={fault ? 'error' : undefined}
        placeholder={t('nothing')}
        style={{ width: '100%' }}
        value={value || undefined}
        options={options}
        onChange={(key?: string) => onChange(key ? (/^\d/.test(source) ? key : `'${key}'`) : '')}
      />
    );
  return <Expression {...props} placeholder={t('nothing')} />;
}
