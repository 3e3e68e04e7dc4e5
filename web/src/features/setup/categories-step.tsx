import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Entry } from '../../api/types';
import { entriesQuery } from '../../shared/lib/queries';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones } from '../../shared/ui/page';
import css from './setup.module.css';
import { useSend } from './use-send';

/** Which branches of the tree are used here. */
export function CategoriesStep({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('setup');
  const client = useQueryClient();
  const { data, error, refetch } = useInfiniteQuery(entriesQuery('categories', '', 200));
  const { send } = useSend();
  // It is not shut while it is sent: that would take the focus away, and nothing is sent twice at once.
  const [busy, setBusy] = useState<string>();
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const roots = items.filter((it) => !it.key.includes('/'));
  const below = (root: Entry) => items.filter((it) => it.key.startsWith(`${root.key}/`));
  const use = async (entry: Entry, active: boolean) => {
    setBusy(entry.key);
    await send(async () => {
      const params = { path: { key: entry.key }, header: { 'If-Match': `"${entry.version}"` } };
      await call(api.PATCH('/api/v1/categories/{key}', { params, body: { active } as never }));
      await client.invalidateQueries({ queryKey: ['entries', 'categories'] });
      await client.invalidateQueries({ queryKey: ['packs'] });
    });
    setBusy(undefined);
  };
  if (!data) return error ? <ErrorView error={error} retry={() => void refetch()} /> : <Bones rows={4} />;
  return (
    <>
      <ul className={css.tree} aria-label={t('step_categories')}>
        {roots.map((root) => (
          <li key={root.id}>
            <Switch
              size="small"
              checked={root.active}
              aria-busy={busy === root.key || undefined}
              aria-label={t('use', { name: root.label })}
              onChange={(active) => void use(root, active)}
            />
            <strong>{root.label}</strong>
            <span className="dim small">
              {below(root)
                .map((it) => it.label)
                .join(t('common:comma'))}
            </span>
          </li>
        ))}
      </ul>
      <p>
        <Link to={'/w/admin/categories' as '/w'}>{t('all_categories')}</Link>
      </p>
      <Button type="primary" onClick={onDone}>
        {t('next')}
      </Button>
    </>
  );
}
