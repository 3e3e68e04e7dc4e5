import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Meanwhile, Pack } from '../../api/types';
import table from '../table/table.module.css';
import { TimeAgo } from '../ui/time-ago';
import { fieldLabel } from './pack-form';
import { useValueText } from './use-value-text';

export interface Conflict {
  meanwhile: Meanwhile[];
  /** My own changes by field, in words, to stand beside theirs. */
  mine: Record<string, string>;
  pack: Pack | undefined;
  /** The action that was interrupted; absent when fields were edited. */
  action?: string;
  apply: () => Promise<void>;
  keep: () => void;
}

/** Someone else was faster: their changes beside mine, and the choice which stands. */
export function ConflictDialog({ conflict }: { conflict: Conflict }) {
  const { t } = useTranslation('desk');
  const [busy, setBusy] = useState(false);
  const { meanwhile, mine, pack, action } = conflict;
  const inWords = useValueText(pack);
  const theirs = new Set(meanwhile.map((it) => it.field));
  const other = Object.keys(mine).filter((field) => !theirs.has(field));
  const apply = async () => {
    setBusy(true);
    await conflict.apply().catch(() => {});
    setBusy(false);
  };
  return (
    <Modal
      open
      title={t('conflict_title')}
      width={680}
      onCancel={conflict.keep}
      footer={
        <>
          <Button onClick={conflict.keep}>{t('keep_theirs')}</Button>
          <Button type="primary" loading={busy} onClick={() => void apply()}>
            {action ? t('continue_action', { action }) : t('apply_mine')}
          </Button>
        </>
      }
    >
      <p className="dim" style={{ marginBottom: 12 }}>
        {action ? t('conflict_lead_action', { action }) : t('conflict_lead')}
      </p>
      {meanwhile.length === 0 ? (
        <p>{t('conflict_none')}</p>
      ) : (
        <div className={`card ${table.wrap}`}>
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col" style={{ position: 'static' }}>
                  {t('conflict_field')}
                </th>
                <th scope="col" style={{ position: 'static' }}>
                  {t('conflict_theirs')}
                </th>
                {!action && (
                  <th scope="col" style={{ position: 'static' }}>
                    {t('conflict_mine')}
                  </th>
                )}
                <th scope="col" style={{ position: 'static' }}>
                  {t('conflict_who')}
                </th>
              </tr>
            </thead>
            <tbody>
              {meanwhile.map((it) => (
                <tr key={`${it.field}.${it.at}`}>
                  <td>{fieldLabel(pack, it.field)}</td>
                  <td>
                    <s className="dim">{inWords(it.field, it.old, it.old_label)}</s> →{' '}
                    {inWords(it.field, it.new, it.new_label)}
                  </td>
                  {!action && <td>{mine[it.field] ?? <span className="dim">—</span>}</td>}
                  <td>
                    {it.actor ?? t('by_system')}{' '}
                    <span className="dim">
                      <TimeAgo at={it.at} />
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {!action && other.length > 0 && (
        <p className="dim small" style={{ marginTop: 10 }}>
          {t('conflict_rest', { fields: other.map((it) => fieldLabel(pack, it)).join(t('common:comma')) })}
        </p>
      )}
    </Modal>
  );
}
