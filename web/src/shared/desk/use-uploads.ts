import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { upload } from '../../api/client';
import type { Visibility } from '../../api/types';
import { useProblemWords } from '../lib/use-problem';
import { toast } from '../ui/toast';
import { type RecordId, useRecordWrites } from './use-record-writes';

/** Sends files one after another; the one on its way is told with its progress. */
export function useUploads(record: RecordId) {
  const { t } = useTranslation('desk');
  const words = useProblemWords();
  const { settle } = useRecordWrites(record);
  const [sending, setSending] = useState<{ name: string; part: number }>();
  const send = useCallback(
    async (files: File[], visibility: Visibility = 'public'): Promise<boolean> => {
      let complete = true;
      for (const file of files) {
        setSending({ name: file.name, part: 0 });
        try {
          await upload(record.type, record.number, file, {
            visibility,
            onProgress: (part) => setSending({ name: file.name, part }),
          });
        } catch (error) {
          complete = false;
          const { text, detail } = words(error);
          toast.error(t('file_failed', { name: file.name, why: text }), detail);
        }
      }
      setSending(undefined);
      if (files.length > 0) await settle();
      return complete;
    },
    [record.type, record.number, settle, t, words],
  );
  return { send, sending };
}
