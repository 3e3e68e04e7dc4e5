import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { showOverlay } from '../../shared/lib/overlays';
import { QuestionIcon } from '../../shared/ui/icons';

/** Opens the chapter of the guide about this page. */
export function HelpButton() {
  const { t } = useTranslation('shell');
  return (
    <Button
      type="text"
      data-tour="help"
      icon={<QuestionIcon />}
      aria-label={t('help')}
      title={t('help')}
      aria-haspopup="dialog"
      onClick={() => showOverlay('help')}
    />
  );
}
