import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { RecordItem } from '../../api/types';
import { flowQuery } from '../lib/queries';
import { turnOf } from './turn';

/** Whose turn it is; the flow is asked only where the record alone does not say. */
export function useTurn(record: RecordItem) {
  const { t } = useTranslation('desk');
  const unsure = record.phase === 'resolved';
  const { data } = useQuery({ ...flowQuery(record.type, record.number), enabled: unsure });
  return turnOf(record, t, unsure ? data?.tokens[0] : undefined);
}
