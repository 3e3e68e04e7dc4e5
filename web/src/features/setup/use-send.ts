import { useRef, useState } from 'react';
import { isStatus } from '../../api/error';
import { useErrorFocus } from '../../shared/form/focus-first';
import { type FieldError, fromPointers } from '../../shared/form/schema';
import { useProblem, useProblemWords } from '../../shared/lib/use-problem';
import { toast } from '../../shared/ui/toast';

/**
 * Sends something; what the server refuses stands beside the fields that are drawn, with the focus in the first of them; all
 * else is told, and the focus stays where it was.
 */
export function useSend(drawn: readonly string[] | 'all' = []) {
  const problem = useProblem();
  const words = useProblemWords();
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const form = useRef<HTMLFormElement>(null);
  useErrorFocus(form, errors);
  // State is as old as the last drawing: two keys may come between two of them.
  const running = useRef(false);
  const send = async (what: () => Promise<void>): Promise<boolean> => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setErrors([]);
    try {
      await what();
      return true;
    } catch (error) {
      const said = isStatus(error, 422) ? fromPointers(error.problem.errors ?? []) : [];
      setErrors(said);
      const lost = drawn === 'all' ? [] : said.filter((it) => !drawn.includes(it.name));
      if (said.length === 0) problem(error);
      else if (lost.length > 0)
        toast.error(words(error).text, lost.map((it) => `${it.name}: ${it.said ?? it.key}`).join('; '));
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { busy, errors, setErrors, send, form };
}
