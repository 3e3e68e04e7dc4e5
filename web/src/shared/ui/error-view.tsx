import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/error';
import { useProblemWords } from '../lib/use-problem';
import { Empty } from './page';

export function kindOf(error: unknown): 'offline' | 'forbidden' | 'missing' | 'other' {
  if (!(error instanceof ApiError)) return 'other';
  if (error.status === 0) return 'offline';
  if (error.status === 403) return 'forbidden';
  return error.status === 404 ? 'missing' : 'other';
}

/** What went wrong, where, and what to do: for a page or a part of one. */
export function ErrorView({ error, retry, page }: { error: unknown; retry?: () => void; page?: boolean }) {
  const { t } = useTranslation();
  const kind = kindOf(error);
  const words = useProblemWords();
  const said = kind === 'other' && error instanceof ApiError ? words(error) : undefined;
  const request = error instanceof ApiError ? error.problem.request_id : undefined;
  const work = globalThis.location?.pathname.startsWith('/w');
  return (
    <div role="alert">
      <Empty
        page={page}
        title={t(`common:error.${kind}.title`)}
        text={said?.text ?? t(`common:error.${kind}.text`)}
        note={
          <>
            {said?.detail && <p>{said.detail}</p>}
            {request && (
              <p>
                {t('common:error.request')} <span className="mono">{request}</span>
              </p>
            )}
          </>
        }
      >
        {retry && kind !== 'missing' && <Button onClick={retry}>{t('common:error.retry')}</Button>}
        {page && (kind === 'missing' || kind === 'forbidden') && (
          <Link to={work ? '/w' : '/'}>{t(work ? 'common:error.to_work' : 'common:error.to_portal')}</Link>
        )}
      </Empty>
    </div>
  );
}
