import { useTranslation } from 'react-i18next';
import { Avatar } from '../../shared/ui/marks';
import css from './presence.module.css';
import type { Present } from './use-presence';

/** Who else looks at the record: before two write the same answer. */
export function Presence({ others }: { others: Present[] }) {
  const { t } = useTranslation('record');
  const names = others.map((it) => it.user.label).join(t('common:comma'));
  return (
    <div className={css.present} role="status" data-no-print>
      {others.length > 0 && (
        <>
          {others.slice(0, 3).map((it) => (
            <Avatar key={it.user.id} name={it.user.label} />
          ))}
          <span>{t('present', { names })}</span>
        </>
      )}
    </div>
  );
}

/** Who is writing just now, beside the box where one writes oneself. */
export function Typing({ others }: { others: Present[] }) {
  const { t } = useTranslation('record');
  const writing = others.filter((it) => it.typing).map((it) => it.user.label);
  return (
    <p className={css.typing} role="status">
      {writing.length > 0 && t('typing', { names: writing.join(t('common:comma')) })}
    </p>
  );
}
