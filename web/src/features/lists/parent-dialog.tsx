import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RecordSelect } from '../../shared/desk/record-select';

interface Props {
  type: string;
  /** The selected records, which cannot hang below themselves. */
  numbers: string[];
  /** The one that was chosen before. */
  chosen?: string;
  onChoose: (parent: string) => void;
  onClose: () => void;
}

/** Asks below which record the selected ones are to hang. */
export function ParentDialog({ type, numbers, chosen, onChoose, onClose }: Props) {
  const { t } = useTranslation('lists');
  const [parent, setParent] = useState(chosen);
  return (
    <Modal
      open
      title={t('bulk_parent')}
      width={520}
      onCancel={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:back')}</Button>
          <Button type="primary" disabled={!parent} onClick={() => parent && onChoose(parent)}>
            {t('bulk_parent_next')}
          </Button>
        </>
      }
    >
      <p className="dim small">{t('bulk_parent_text')}</p>
      <RecordSelect
        type={type}
        label={t('bulk_parent')}
        without={numbers}
        value={parent}
        onChange={setParent}
      />
    </Modal>
  );
}
