import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { ChildrenReach, Ref } from '../../api/types';
import type { Values } from '../form/schema';
import css from './desk.module.css';
import type { RecordId } from './use-record-writes';

interface Props {
  record: RecordId & { version: number };
  action: string;
  /** What would be sent along; nothing while it is not complete. */
  fields: Values | undefined;
  /** Whom the words speak to besides. */
  also?: Ref[];
  /** Whether it is done to the records below as well. */
  withChildren?: boolean;
}

interface Reached {
  mails: Ref[];
  notices: Ref[];
  affected: number;
  children?: ChildrenReach | null;
}

/** Who will hear of it, before it goes out. */
export function Reach({ record, action, fields, also = [], withChildren = false }: Props) {
  const { t } = useTranslation('desk');
  const { type, number, version } = record;
  const asked = useSettled(fields && JSON.stringify(fields));
  const { data } = useQuery({
    queryKey: ['reach', type, number, version, action, asked, withChildren],
    enabled: asked !== undefined,
    queryFn: async () => {
      const { mails, notices, affected, children } = await call<Reached>(
        api.POST('/api/v1/records/{type}/{number}/actions/{action}/preview', {
          params: { path: { type, number, action } },
          body: { fields: JSON.parse(asked ?? '{}') as never, with_children: withChildren },
        }),
      );
      return { mails, notices, affected, children };
    },
    retry: false,
    staleTime: 30_000,
  });
  const below = data?.children;
  const names = (of: Ref[]) => of.map((it) => it.label).join(t('common:comma'));
  const told = [...(data?.notices ?? []), ...also].filter(
    (it, index, all) => all.findIndex((other) => other.id === it.id) === index,
  );
  return (
    <p className={css.reach} role="status">
      {data &&
        [
          data.mails.length > 0 && t('reach_mail', { names: names(data.mails) }),
          told.length > 0 && t('reach_notice', { names: names(told) }),
          data.affected > 0 && t('reach_affected', { count: data.affected }),
          data.mails.length + told.length + data.affected === 0 && t('reach_nobody'),
          below && t('reach_below', { people: below.people, count: below.total }),
          below && below.people > 0 && below.people <= 5 && names(below.mails),
          below && below.refused > 0 && t('reach_below_left', { count: below.refused }),
          below && below.looked_at < below.total && t('reach_below_first', { count: below.looked_at }),
        ]
          .filter(Boolean)
          .join(' · ')}
    </p>
  );
}

/** A text once it has not changed for a moment. */
function useSettled(text: string | undefined): string | undefined {
  const [settled, setSettled] = useState<string>();
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 500);
    return () => clearTimeout(timer);
  }, [text]);
  return text === undefined ? undefined : settled;
}
