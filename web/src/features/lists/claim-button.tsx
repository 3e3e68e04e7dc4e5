import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { RecordItem } from '../../api/types';
import { useHotkeys } from '../../shared/lib/hotkeys';
import { useProblem } from '../../shared/lib/use-problem';
import { useSending } from '../../shared/lib/use-sending';
import { toast } from '../../shared/ui/toast';

/** Accepts the next record of one's teams and opens it. */
export function ClaimButton({ type }: { type: string }) {
  const { t } = useTranslation('lists');
  const problem = useProblem();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { busy, send } = useSending();
  const claim = () =>
    send(async () => {
      const record = await call<RecordItem | undefined>(
        api.POST('/api/v1/records/{type}/claim', { params: { path: { type } } }),
      );
      if (!record?.number) {
        toast.success(t('claim_none'));
        return;
      }
      toast.success(t('claimed', { number: record.number }));
      void client.invalidateQueries({ queryKey: ['counters'] });
      await navigate({
        to: '/w/records/$type/$number',
        params: { type: record.type, number: record.number },
        search: {},
      });
    }).catch(problem);
  useHotkeys([{ keys: 't', label: t('claim'), run: () => void claim() }]);
  return (
    <Button loading={busy} onClick={() => void claim()}>
      {t('claim')}
    </Button>
  );
}
