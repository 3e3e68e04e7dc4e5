import { useBlocker } from '@tanstack/react-router';
import { Button, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { staysHere } from './form-model';

/** Edits that are not saved yet: leaving the page asks first, closing the tab as well. */
export function LeaveDialog({ unsaved, onDiscard }: { unsaved: boolean; onDiscard: () => void }) {
  const { t } = useTranslation('record');
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
      title={t('leave_title')}
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
            {t('leave_go')}
          </Button>
          <Button type="primary" autoFocus onClick={blocker.reset}>
            {t('leave_stay')}
          </Button>
        </>
      }
    >
      <p>{t('leave_text')}</p>
    </Modal>
  );
}
