import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CloseIcon, DownIcon, PlusIcon, UpIcon } from '../../shared/ui/icons';
import css from './kit-fields.module.css';

interface Props<T> {
  title: string;
  steps: T[];
  most: number;
  fresh: () => T;
  onChange: (steps: T[]) => void;
  children: (step: T, set: (step: T) => void, index: number) => ReactNode;
}

/** Steps in an order that buttons change, so that no mouse is needed. */
export function StepList<T>({ title, steps, most, fresh, onChange, children }: Props<T>) {
  const { t } = useTranslation('admin');
  const swap = (at: number, to: number) => {
    const next = [...steps];
    const [one] = next.splice(at, 1);
    if (one !== undefined) next.splice(to, 0, one);
    onChange(next);
  };
  return (
    <section className={css.wide} aria-label={title}>
      <span className={css.label}>{title}</span>
      <ol className={css.steps}>
        {steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps are told apart by their place
          <li key={index} className={css.step}>
            <div className={css.head}>
              <span className="dim">{t('kit_step', { no: index + 1 })}</span>
              <Button
                size="small"
                type="text"
                icon={<UpIcon />}
                aria-label={t('kit_step_up', { no: index + 1 })}
                disabled={index === 0}
                onClick={() => swap(index, index - 1)}
              />
              <Button
                size="small"
                type="text"
                icon={<DownIcon />}
                aria-label={t('kit_step_down', { no: index + 1 })}
                disabled={index === steps.length - 1}
                onClick={() => swap(index, index + 1)}
              />
              <Button
                size="small"
                type="text"
                icon={<CloseIcon />}
                aria-label={t('kit_step_remove', { no: index + 1 })}
                onClick={() => onChange(steps.filter((_, at) => at !== index))}
              />
            </div>
            {children(step, (next) => onChange(steps.map((it, at) => (at === index ? next : it))), index)}
          </li>
        ))}
      </ol>
      <Button
        type="dashed"
        icon={<PlusIcon />}
        style={{ marginTop: 8 }}
        disabled={steps.length >= most}
        onClick={() => onChange([...steps, fresh()])}
      >
        {t('kit_step_add')}
      </Button>
    </section>
  );
}
