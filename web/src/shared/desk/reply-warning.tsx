import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { templatesQuery } from '../lib/kit-queries';
import css from './desk.module.css';
import { bannedIn, gapsIn } from './reply-words';
import type { RecordId } from './use-record-writes';

/** Says before a reply is sent what in it should be looked at once more. It stops nobody. */
export function ReplyWarning({ record, body }: { record: RecordId; body: string }) {
  const { t } = useTranslation('desk');
  const { data } = useQuery({ ...templatesQuery(record.type, record.number), enabled: body.trim() !== '' });
  const banned = bannedIn(body, data?.banned ?? []);
  const gaps = gapsIn(body);
  if (banned.length + gaps.length === 0) return null;
  const join = (words: string[]) => words.join(t('common:comma'));
  return (
    <p role="status" className={css.composerWarn}>
      {banned.length > 0 && t('warn_banned', { words: join(banned) })}
      {gaps.length > 0 && t('warn_gaps', { words: join(gaps) })}
    </p>
  );
}
