import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/error';
import { toast } from '../ui/toast';

/** Tells the person that something they asked for did not happen, in words with a way on. */
export function useProblem() {
  const { t } = useTranslation();
  return useCallback(
    (error: unknown) => {
      const known = error instanceof ApiError;
      const code = known ? error.code : 'other';
      const words = t(`common:problem.${code}`, { defaultValue: '' });
      const said = known ? (error.problem.detail ?? error.problem.title) : undefined;
      toast.error(words || said || t('common:problem.other'));
    },
    [t],
  );
}
