import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../api/error';
import { problemOf } from '../../api/refusal';
import { toast } from '../ui/toast';

/** An error as a sentence in the person's language, and the server's own words beside it. */
export function useProblemWords() {
  const { t } = useTranslation();
  return useCallback(
    (error: unknown) => {
      const { code, detail } = problemOf(error);
      return { text: t(`common:problem.${code}`), detail };
    },
    [t],
  );
}

/** Tells the person that something they asked for did not happen, in words with a way on. */
export function useProblem() {
  const words = useProblemWords();
  return useCallback(
    (error: unknown) => {
      // An ended session has been told where it was noticed.
      if (isStatus(error, 401)) return;
      const { text, detail } = words(error);
      if (isStatus(error, 0)) toast.unreached(text, detail);
      else toast.error(text, detail);
    },
    [words],
  );
}
