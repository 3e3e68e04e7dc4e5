import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../api/error';
import type { Actions } from '../../shared/desk/use-actions';
import { useProblem } from '../../shared/lib/use-problem';
import { CloseIcon } from '../../shared/ui/icons';

/** Whether a record can still part from what it repeats: once it has ended, its words went there. */
export const hasEnded = (phase: string) => phase === 'closed' || phase === 'cancelled';

/** Takes a link back. It asks nothing: whoever errs links them again. */
export function Unlink({ actions, to, kind }: { actions: Actions; to: string; kind: string }) {
  const { t } = useTranslation('record');
  const problem = useProblem();
  const action = actions.get('unlink');
  if (!action?.enabled) return null;
  // What the server says of the link belongs to no field here.
  const run = () =>
    actions.run(action, { to, kind }).catch((error) => {
      if (isStatus(error, 422)) problem(error);
    });
  return (
    <Button
      type="text"
      size="small"
      icon={<CloseIcon />}
      aria-label={t('unlink', { number: to })}
      title={t('unlink', { number: to })}
      disabled={actions.busy !== undefined}
      onClick={() => void run()}
    />
  );
}
