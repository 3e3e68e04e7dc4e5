import { useTranslation } from 'react-i18next';
import { recordPath } from '../../api/client';
import type { FileRef } from '../../api/types';
import { fileSize } from '../form/file-picker';
import { FileIcon, FileImageIcon } from '../ui/icons';
import css from './desk.module.css';
import type { RecordId } from './use-record-writes';

export const attachmentUrl = (record: RecordId, id: string) =>
  `${recordPath(record.type, record.number)}/attachments/${encodeURIComponent(id)}`;

/** Files as links that download; the server sends them as downloads, never to be shown as a page. */
export function Files({ record, items }: { record: RecordId; items: FileRef[] }) {
  const { t } = useTranslation('desk');
  if (items.length === 0) return null;
  return (
    <ul className={css.files}>
      {items.map((it) => (
        <li key={it.id}>
          <a className={css.file} href={attachmentUrl(record, it.id)} download={it.name}>
            <span className="visually-hidden">{t('download')}</span>
            {/\.(png|jpe?g|gif|webp|heic)$/i.test(it.name) ? <FileImageIcon /> : <FileIcon />}
            <span className="ellipsis">{it.name}</span>
            <span className="dim nowrap">{fileSize(it.size)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
