import { useBlocker } from '@tanstack/react-router';
import { Button, Modal } from 'antd';
import { useTranslation } from 'react-i18next';

/** Another tab of the same page keeps the edits; an ended session must be able to go to sign-in. */
export const staysHere = (from: string, to: string) => from === to || to === '/sign-in';

/** Edits that are not saved yet: leaving the page asks first, closing the tab as well. */
export function LeaveDialog({ unsaved, onDiscard }: { unsaved: boolean; onDiscard: () => void }) {
  const { t } = useTranslation();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => unsaved && !staysHere(current.pathname, next.pathname),
    enableBeforeUnload: () => unsaved,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Modal
      open
      width={440}
      title={t('common:leave_title')}
      onCancel={blocker.reset}
      footer={
        <>
          <Button
            danger
            onClick={() => {
              onDiscard();
              blocker.proceed();
            }}
          >
            {t('common:leave_go')}
          </Button>
          <Button type="primary" autoFocus onClick={blocker.reset}>
            {t('common:leave_stay')}
          </Button>
        </>
      }
    >
      <p>{t('common:leave_text')}</p>
    </Modal>
  );
}
