import { useState } from 'react';
import { isStatus } from '../../api/error';
import { type FieldError, fromPointers } from '../../shared/form/schema';
import { useProblem } from '../../shared/lib/use-problem';

/** Sends something; what the server refuses stands beside the fields, else it is told. */
export function useSend() {
  const problem = useProblem();
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const send = async (what: () => Promise<void>): Promise<boolean> => {
    setBusy(true);
    setErrors([]);
    try {
      await what();
      return true;
    } catch (error) {
      if (isStatus(error, 422)) setErrors(fromPointers(error.problem.errors ?? []));
      else problem(error);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, errors, setErrors, send };
}
