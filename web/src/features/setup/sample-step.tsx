import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import { isStatus } from '../../api/error';
import type { WorkRecord } from '../../api/types';
import { keepDraft, readDraft } from '../../shared/lib/draft';
import { packsQuery, recordQuery } from '../../shared/lib/queries';
import { errorOf } from './quick';
import css from './setup.module.css';
import { TextField } from './text-field';
import { useSend } from './use-send';

interface Made {
  type: string;
  number: string;
}

/** The first report, and the way to its dispatch. */
export function SampleStep({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('setup');
  const id = useId();
  const client = useQueryClient();
  const { data: packs } = useQuery(packsQuery);
  const { busy, errors, send, form } = useSend(['title']);
  const [title, setTitle] = useState(t('sample_title'));
  const [chosen, setChosen] = useState<string>();
  // The link stays when the page is read again: nobody makes a second one to find the first.
  const [kept, setMade] = useState(() => readDraft<Made>('sample'));
  const there = useQuery({ ...recordQuery(kept?.type ?? '', kept?.number ?? ''), enabled: kept !== null });
  // Kept from another system at this address, or removed since.
  const made = isStatus(there.error, 404) ? null : kept;
  const type = chosen ?? packs?.items[0]?.key;
  const report = () =>
    send(async () => {
      if (!type) return;
      const params = { path: { type } };
      const { number } = await call<WorkRecord>(
        api.POST('/api/v1/records/{type}', { params, body: { title } as never }),
      );
      keepDraft('sample', { type, number });
      setMade({ type, number });
      await client.invalidateQueries({ queryKey: ['records'] });
    });
  if (made) {
    return (
      <>
        <p role="status">
          {t('sample_made', { number: made.number })}{' '}
          <Link to="/w/records/$type/$number" params={{ type: made.type, number: made.number }} search={{}}>
            {t('sample_open')}
          </Link>
        </p>
        <p className="dim">{t('sample_next')}</p>
        <Button
          type="primary"
          onClick={() => {
            keepDraft('sample', null);
            onDone();
          }}
        >
          {t('finish')}
        </Button>
      </>
    );
  }
  return (
    <form
      ref={form}
      className={css.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void report();
      }}
    >
      <div className={css.fields}>
        {(packs?.items.length ?? 0) > 1 && (
          <div className={css.choice}>
            <label htmlFor={id}>{t('sample_type')}</label>
            <Select
              id={id}
              value={type}
              options={packs?.items.map((it) => ({ value: it.key, label: it.label }))}
              onChange={setChosen}
            />
          </div>
        )}
        <TextField
          label={t('sample_label')}
          value={title}
          error={errorOf(errors, 'title')}
          onChange={setTitle}
        />
      </div>
      <Button type="primary" htmlType="submit" loading={busy}>
        {t('sample_report')}
      </Button>
    </form>
  );
}
