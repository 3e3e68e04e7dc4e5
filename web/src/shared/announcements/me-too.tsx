import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Announcement } from '../../api/types';
import { useProblem } from '../lib/use-problem';
import css from './announcements.module.css';

/** “Me too”: one tap, and one is told when it is over; another takes it back. How many have said so is shown to those who may know. */
export function MeToo({ of }: { of: Announcement }) {
  const { t } = useTranslation('announcements');
  const client = useQueryClient();
  const problem = useProblem();
  const [busy, setBusy] = useState(false);
  const [here, setHere] = useState<boolean>();
  const { affected } = of;
  if (!affected || (!affected.open && !affected.count)) return null;
  const mine = here ?? affected.mine;
  const say = async (on: boolean) => {
    setBusy(true);
    try {
      const params = { path: { id: of.id } };
      const path = '/api/v1/announcements/{id}/affected';
      await call(on ? api.PUT(path, { params }) : api.DELETE(path, { params }));
      setHere(on);
    } catch (error) {
      problem(error);
    }
    // Refused, it may be over: what the server says now is shown, and stands from then on.
    await Promise.all(
      ['announcements', 'hints'].map((key) => client.invalidateQueries({ queryKey: [key] })),
    ).catch(() => {});
    setHere(undefined);
    setBusy(false);
  };
  return (
    <p className={css.meToo}>
      {affected.open && mine && <span role="status">{t('me_too_said')}</span>}
      {affected.open && (
        <Button size="small" loading={busy} onClick={() => void say(!mine)}>
          {t(mine ? 'me_too_back' : 'me_too')}
        </Button>
      )}
      {!!affected.count && <span className="dim small">{t('me_too_count', { count: affected.count })}</span>}
    </p>
  );
}
