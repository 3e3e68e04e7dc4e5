import { Input, Switch } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import css from './kit-fields.module.css';
import { StepList } from './step-list';

interface Step {
  key: string;
  text: { zh?: string; en?: string };
  link?: string | null;
  mandatory?: boolean;
}

/** A key that no step of this list has had: ticks are told apart by it for ever. */
const freshKey = () => `s${Date.now().toString(36)}${Math.random().toString(36).slice(2, 5)}`;

export function CheckSteps({ steps, onChange }: { steps: unknown; onChange: (steps: Step[]) => void }) {
  const { t } = useTranslation('admin');
  const id = useId();
  return (
    <StepList<Step>
      title={t('check_steps')}
      steps={Array.isArray(steps) ? (steps as Step[]) : []}
      most={50}
      fresh={() => ({ key: freshKey(), text: {}, mandatory: false })}
      onChange={onChange}
    >
      {(step, set, index) => (
        <>
          <div className={css.two}>
            {(['zh', 'en'] as const).map((lang) => (
              <Input.TextArea
                key={lang}
                autoSize={{ minRows: 1, maxRows: 4 }}
                maxLength={500}
                aria-label={`${t(`check_text_${lang}`)} ${index + 1}`}
                placeholder={t(`check_text_${lang}`)}
                value={step.text[lang] ?? ''}
                onChange={(event) => set({ ...step, text: { ...step.text, [lang]: event.target.value } })}
              />
            ))}
          </div>
          <div className={css.two}>
            <Input
              type="url"
              aria-label={`${t('check_link')} ${index + 1}`}
              placeholder={t('check_link')}
              value={step.link ?? ''}
              onChange={(event) => set({ ...step, link: event.target.value.trim() || null })}
            />
            <span className={css.mandatory}>
              <Switch
                id={`${id}-${index}`}
                checked={step.mandatory ?? false}
                onChange={(mandatory) => set({ ...step, mandatory })}
              />
              <label htmlFor={`${id}-${index}`} style={{ margin: 0 }}>
                {t('check_mandatory')}
              </label>
            </span>
          </div>
        </>
      )}
    </StepList>
  );
}
