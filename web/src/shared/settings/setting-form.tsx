import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import { isStatus } from '../../api/error';
import type { Meanwhile, Setting } from '../../api/types';
import { focusError } from '../form/focus-first';
import type { JsonSchema, Option } from '../form/schema';
import { packsQuery } from '../lib/queries';
import { settingsQuery, wordsQuery } from '../lib/setting-queries';
import { useProblem } from '../lib/use-problem';
import { Confirm } from '../ui/confirm';
import { TimeAgo } from '../ui/time-ago';
import { toast } from '../ui/toast';
import css from './settings.module.css';
import { type Naming, type ShapeError, ShapeField } from './shape-field';

/** A value without what was left empty. */
export function tidy(value: unknown): unknown {
  if (typeof value === 'string') return value.trim() || undefined;
  if (Array.isArray(value)) return value.map(tidy);
  if (value && typeof value === 'object') {
    const parts = Object.entries(value).map(([key, part]) => [key, tidy(part)] as const);
    return Object.fromEntries(parts.filter(([, part]) => part !== undefined && part !== null));
  }
  return value;
}

/** Sets a setting on the version that was seen; `null` goes back to the default. */
export const putSetting = (setting: Pick<Setting, 'key' | 'version'>, value: unknown) =>
  call<Setting>(
    api.PUT('/api/v1/settings/{key}', {
      params: {
        path: { key: setting.key },
        header: setting.version > 0 ? { 'If-Match': `"${setting.version}"` } : {},
      },
      body: { value } as never,
    }),
  );

/** Names that are no texts of ours: record types, terms and their presets. */
function useNaming(): Naming {
  const { t, i18n } = useTranslation('settings');
  const { data: packs } = useQuery(packsQuery);
  const { data: words } = useQuery(wordsQuery);
  const zh = i18n.language !== 'en';
  return {
    title: (path) => {
      const term = /^terminology\.words\.(\w+)$/.exec(path)?.[1];
      if (term) {
        const own = words?.presets[0]?.terms.find((it) => it.key === term);
        return (zh ? own?.zh : own?.en) ?? term;
      }
      const part =
        /^terminology\.words\.\w+\.(\w+)$/.exec(path)?.[1] ?? /^priority_scheme\.p\d\.(\w+)$/.exec(path)?.[1];
      const single = part === 'en' && path.startsWith('priority');
      return part && (single ? t('in_english') : t(`part_${part}`));
    },
    options: (path): Option[] | undefined => {
      if (path === 'retention.rules.type')
        return packs?.items.map((it) => ({ value: it.key, label: it.label }));
      if (path === 'terminology.preset')
        return words?.presets.map((it) => ({ value: it.key, label: it.label }));
      if (/^priority_scheme\.p\d\.tone$/.test(path))
        return ['critical', 'high', 'medium', 'low'].map((it) => ({ value: it, label: t(`tone_${it}`) }));
      return undefined;
    },
  };
}

interface Props {
  setting: Setting;
  /** Only these parts are shown; the others stay as they are. */
  only?: string[];
  /** Words of the button that saves. */
  action?: string;
  /** Stands before the fields and may put in a whole value. */
  before?: (value: unknown, put: (value: unknown) => void) => ReactNode;
  onSaved?: () => void;
}

/** The fields of one setting with what saves them, takes them back and tells what others changed. */
export function SettingForm({ setting, only, action, before, onSaved }: Props) {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const problem = useProblem();
  const naming = useNaming();
  const form = useRef<HTMLFormElement>(null);
  const [value, setValue] = useState(setting.value);
  const [errors, setErrors] = useState<ShapeError[]>([]);
  const [conflict, setConflict] = useState<Meanwhile[]>();
  const [busy, setBusy] = useState(false);
  const whole = setting.shape as JsonSchema;
  const shape = only
    ? {
        ...whole,
        properties: Object.fromEntries(
          Object.entries(whole.properties ?? {}).filter(([key]) => only.includes(key)),
        ),
      }
    : whole;
  const secret = whole.format === 'password';
  const dirty = JSON.stringify(tidy(value)) !== JSON.stringify(tidy(setting.value));
  useEffect(() => {
    if (errors.length === 0) return;
    // What is wrong with a part that is not shown is told all the same.
    if (!focusError(form.current)) toast.error(errors.map((it) => it.text).join(t('common:comma')));
  }, [errors, t]);
  useEffect(() => {
    if (conflict) form.current?.querySelector<HTMLElement>('[role="alert"] button')?.focus();
  }, [conflict]);

  const send = async (next: unknown) => {
    setBusy(true);
    setErrors([]);
    try {
      await putSetting(setting, next);
      toast.success(t('saved'));
      // What everything is called may be another word now.
      await client.invalidateQueries();
      onSaved?.();
    } catch (error) {
      if (isStatus(error, 412)) setConflict((error.problem as { meanwhile?: Meanwhile[] }).meanwhile ?? []);
      else if (isStatus(error, 422)) {
        const said = error.problem.errors ?? [];
        setErrors(
          said.map((it) => ({ pointer: it.pointer, text: t(`e_${it.code}`, { defaultValue: it.message }) })),
        );
      } else problem(error);
    } finally {
      setBusy(false);
    }
  };
  const reread = async () => {
    setConflict(undefined);
    await client.invalidateQueries({ queryKey: settingsQuery.queryKey });
  };
  return (
    <form
      ref={form}
      noValidate
      className={css.form}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        // Of a secret every sign counts.
        void send(secret ? value : tidy(value));
      }}
    >
      {conflict && (
        <p role="alert" className={css.conflict}>
          {t('conflict')}{' '}
          {conflict.slice(0, 1).map((it) => (
            <span key={it.at}>
              {it.actor ?? t('common:system')} · <TimeAgo at={it.at} />
            </span>
          ))}{' '}
          <Button size="small" onClick={() => void reread()}>
            {t('reread')}
          </Button>
        </p>
      )}
      {before?.(value, setValue)}
      <ShapeField
        path={setting.key}
        pointer="/value"
        shape={shape}
        value={value}
        errors={errors}
        naming={naming}
        onChange={setValue}
      />
      <div className={css.tools}>
        <Button type="primary" htmlType="submit" loading={busy} disabled={!dirty && !onSaved}>
          {action ?? t('save')}
        </Button>
        {!onSaved && setting.is_set && (
          <Confirm
            title={t(secret ? 'forget_sure' : 'reset_sure')}
            ok={t(secret ? 'forget' : 'reset')}
            danger
            onConfirm={() => void send(null)}
          >
            <Button disabled={busy}>{t(secret ? 'forget' : 'reset')}</Button>
          </Confirm>
        )}
      </div>
    </form>
  );
}
