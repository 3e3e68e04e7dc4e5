import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import { isStatus } from '../../api/error';
import type { Entry } from '../../api/types';
import { grantsQuery } from '../../shared/lib/queries';
import { useProblem } from '../../shared/lib/use-problem';
import { toast } from '../../shared/ui/toast';
import css from './admin.module.css';

const offersOf = (role: Entry) => role.offered ?? [];

/** Rights that a newer program has in the presets of roles: nobody gets them unless somebody here takes them. */
export function PresetOffers({ roles }: { roles: Entry[] }) {
  const { t } = useTranslation('admin');
  const offering = roles.filter((it) => offersOf(it).length > 0);
  if (offering.length === 0) return null;
  return (
    <section className={`card ${css.warnings}`} aria-label={t('preset_offers')}>
      <h2>{t('preset_offers')}</h2>
      <ul>
        {offering.map((it) => (
          <Offer key={it.id} role={it} />
        ))}
      </ul>
    </section>
  );
}

function Offer({ role }: { role: Entry }) {
  const { t } = useTranslation('admin');
  const client = useQueryClient();
  const problem = useProblem();
  const { data: grants } = useQuery(grantsQuery);
  const offered = offersOf(role);
  const nameOf = (key: string) => grants?.items.find((it) => it.key === key)?.label ?? key;
  const take = useMutation({
    mutationFn: () => {
      const held = Array.isArray(role.data?.actions) ? (role.data.actions as string[]) : [];
      return call(
        api.PATCH('/api/v1/roles/{key}', {
          params: { path: { key: role.key }, header: { 'If-Match': `"${role.version}"` } },
          body: { actions: [...held, ...offered] } as never,
        }),
      );
    },
    onSuccess: () => toast.success(t('preset_taken', { role: role.label })),
    onError: (error) => (isStatus(error, 412) ? toast.warning(t('preset_changed')) : problem(error)),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['entries', 'roles'] });
      void client.invalidateQueries({ queryKey: ['me'] });
    },
  });
  return (
    <li>
      {t('preset_more', { role: role.label, count: offered.length })}{' '}
      <span className="dim">{offered.map(nameOf).join(t('common:comma'))}</span>{' '}
      <Button size="small" loading={take.isPending} onClick={() => take.mutate()}>
        {t('preset_take')}
      </Button>
    </li>
  );
}
