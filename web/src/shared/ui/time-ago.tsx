import { useTranslation } from 'react-i18next';
import { exactTime, shortTime } from '../lib/time';
import { useNow } from '../lib/use-now';

/** A moment, short; hover or the accessible title gives it exactly, and so does paper, which is read another day. */
export function TimeAgo({ at }: { at: string | null | undefined }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  if (!at) return <span className="dim">—</span>;
  return (
    <time
      dateTime={at}
      title={exactTime(at, i18n.language)}
      data-print={exactTime(at, i18n.language, 'short')}
      className="nowrap"
    >
      <span>{shortTime(at, now, t)}</span>
    </time>
  );
}
