import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import { isStatus } from '../../api/error';
import type { Me } from '../../api/types';
import { useErrorFocus } from '../../shared/form/focus-first';
import { check, type FieldError, fromPointers, type JsonSchema, type Values } from '../../shared/form/schema';
import { SchemaForm } from '../../shared/form/schema-form';
import { meQuery } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import { PageHead, useTitle } from '../../shared/ui/page';
import { toast } from '../../shared/ui/toast';
import css from './session.module.css';

const valuesOf = (me: Me): Values => ({
  deputy: me.deputy?.key,
  deputy_from: me.deputy_from ?? undefined,
  deputy_until: me.deputy_until ?? undefined,
});

/** Who does one's work while one is away, and for how long. */
export function AwayPage() {
  const { t } = useTranslation('session');
  const client = useQueryClient();
  const problem = useProblem();
  const form = useRef<HTMLFormElement>(null);
  const { data: me } = useSuspenseQuery(meQuery);
  const [values, setValues] = useState<Values>(() => valuesOf(me));
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  useErrorFocus(form, errors);
  useTitle(t('away'));
  const schema: JsonSchema = {
    type: 'object',
    properties: {
      deputy: { type: 'string', title: t('deputy'), 'x-ref': 'user', 'x-wide': true },
      deputy_from: { type: 'string', format: 'date-time', title: t('deputy_from') },
      deputy_until: { type: 'string', format: 'date-time', title: t('deputy_until') },
    },
    required: ['deputy', 'deputy_from', 'deputy_until'],
  };
  const send = async (body: Values) => {
    setBusy(true);
    try {
      const now = await call<Me>(api.PATCH('/api/v1/me', { body: body as never }));
      client.setQueryData(meQuery.queryKey, now);
      setValues(valuesOf(now));
      setErrors([]);
      toast.success(t(now.deputy ? 'away_saved' : 'away_ended'));
    } catch (error) {
      if (isStatus(error, 422)) setErrors(fromPointers(error.problem.errors ?? []));
      else problem(error);
    }
    setBusy(false);
  };
  const save = () => {
    const wrong = check(schema, values);
    setErrors(wrong);
    if (wrong.length === 0) void send(values);
  };
  return (
    <>
      <PageHead title={t('away')} answer={t('away_answer')} />
      <form
        ref={form}
        className={`card ${css.away}`}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <SchemaForm
          schema={schema}
          values={values}
          errors={errors}
          known={{ deputy: me.deputy }}
          onChange={setValues}
        />
        <p className="dim small">{t('away_help')}</p>
        <div className={css.awayTools}>
          <Button type="primary" htmlType="submit" loading={busy}>
            {t('away_save')}
          </Button>
          {me.deputy && (
            <Button disabled={busy} onClick={() => void send({ deputy: null })}>
              {t('away_end')}
            </Button>
          )}
        </div>
      </form>
    </>
  );
}
