import { useQuery } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Visibility, WorkRecord } from '../../api/types';
import { attachmentUrl } from '../../shared/desk/attachments';
import { useUploads } from '../../shared/desk/use-uploads';
import { DropArea, FileButtons, fileSize } from '../../shared/form/file-picker';
import { attachmentsQuery } from '../../shared/lib/queries';
import table from '../../shared/table/table.module.css';
import { ErrorView } from '../../shared/ui/error-view';
import { PaperClipIcon } from '../../shared/ui/icons';
import { Bones, Empty } from '../../shared/ui/page';
import { TimeAgo } from '../../shared/ui/time-ago';
import css from './record.module.css';

export function FilesTab({ record }: { record: WorkRecord }) {
  const { t } = useTranslation('record');
  const { data, error, refetch } = useQuery(attachmentsQuery(record.type, record.number));
  const { send, sending } = useUploads(record);
  const [visibility, setVisibility] = useState<Visibility>('public');
  const pick = (files: File[]) => void send(files, visibility);
  return (
    <DropArea onPick={pick}>
      <div className={css.tabTools}>
        <FileButtons onPick={pick} disabled={sending !== undefined} />
        <Segmented
          aria-label={t('visibility')}
          value={visibility}
          options={[
            { value: 'public', label: t('files_public') },
            { value: 'internal', label: t('files_internal') },
          ]}
          onChange={setVisibility}
        />
        {sending && (
          <span className="dim small" role="status">
            {t('common:form.uploading', { name: sending.name })} {Math.round(sending.part * 100)} %
          </span>
        )}
      </div>
      <div className={`card ${table.wrap}`}>
        {error && <ErrorView error={error} retry={() => void refetch()} />}
        {!data && !error && <Bones rows={3} />}
        {data?.items.length === 0 && (
          <Empty icon={<PaperClipIcon />} title={t('desk:no_files')} text={t('no_files_text')} />
        )}
        {data && data.items.length > 0 && (
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col">{t('file')}</th>
                <th scope="col" className={table.num}>
                  {t('size')}
                </th>
                <th scope="col">{t('visibility')}</th>
                <th scope="col" className={table.wide}>
                  {t('by')}
                </th>
                <th scope="col" className={table.wide}>
                  {t('at')}
                </th>
              </tr>
            </thead>
            <tbody>
              {data.items.map((it) => (
                <tr key={it.id}>
                  <td>
                    <a href={attachmentUrl(record, it.id)} download={it.name}>
                      {it.name}
                    </a>
                  </td>
                  <td className={table.num}>{fileSize(it.size)}</td>
                  <td>{t(`desk:${it.visibility}`)}</td>
                  <td className={table.wide}>{it.by?.label}</td>
                  <td className={table.wide}>
                    <TimeAgo at={it.at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </DropArea>
  );
}
