import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { WorkRecord } from '../../api/types';
import { useHotkeys } from '../lib/hotkeys';
import { recordQuery, timelineQuery } from '../lib/queries';
import { ErrorView } from '../ui/error-view';
import { CloseIcon, ExpandAltIcon } from '../ui/icons';
import { PhaseMark, Priority } from '../ui/marks';
import { Bones } from '../ui/page';
import { PlainText } from '../ui/plain-text';
import { ActionBar } from './action-bar';
import { Composer } from './composer';
import css from './peek.module.css';
import { Timeline } from './timeline';
import { useActions } from './use-actions';
import { useTurn } from './use-turn';

interface Props {
  /** `type/number`, as it stands in the address. */
  peek: string;
  /** Over something that is being written: the whole record opens in a tab of its own. */
  apart?: boolean;
  onClose: () => void;
}

const lastEntries = 6;

/** A record beside its list: enough to decide and act without leaving. */
export function Peek({ peek, apart, onClose }: Props) {
  const { t } = useTranslation('desk');
  const [type = '', number = ''] = peek.split('/');
  const { data, error, refetch } = useQuery(recordQuery(type, number));
  useHotkeys([{ keys: 'Escape', label: t('peek_close'), run: onClose }]);
  return (
    <aside className={`card ${css.panel}`} aria-label={t('peek')}>
      <div className={css.top}>
        <span className="mono dim">{number}</span>
        <Link
          to="/w/records/$type/$number"
          params={{ type, number }}
          search={{}}
          target={apart ? '_blank' : undefined}
          className={css.open}
          aria-label={t('peek_open')}
          title={t('peek_open')}
        >
          <ExpandAltIcon />
        </Link>
        <Button
          type="text"
          size="small"
          icon={<CloseIcon />}
          aria-label={t('peek_close')}
          title={t('peek_close')}
          onClick={onClose}
        />
      </div>
      {error && !data && <ErrorView error={error} retry={() => void refetch()} />}
      {!data && !error && <Bones rows={6} />}
      {data && <Body key={data.id} record={data} apart={apart} />}
    </aside>
  );
}

function Body({ record, apart }: { record: WorkRecord; apart?: boolean }) {
  const { t } = useTranslation('desk');
  const actions = useActions(record);
  const { data } = useQuery(timelineQuery(record.type, record.number));
  const turn = useTurn(record);
  return (
    <div className={css.body} data-live={record.id}>
      <div className={css.head}>
        <h2>{record.title}</h2>
        <div className={css.signs}>
          <Priority value={record.priority} />
          <PhaseMark phase={record.phase} label={record.state_label} />
          <span>
            {turn.open && <span className="dim">{t('turn')} </span>}
            {turn.text}
          </span>
        </div>
        <ActionBar actions={actions} />
      </div>
      {record.description && (
        <div className={css.description}>
          <PlainText text={record.description} />
        </div>
      )}
      <div className={css.entries}>
        {data && data.length > lastEntries && (
          <Link
            to="/w/records/$type/$number"
            params={{ type: record.type, number: record.number }}
            search={{}}
            target={apart ? '_blank' : undefined}
            className={css.more}
          >
            {t('peek_more', { count: data.length })}
          </Link>
        )}
        {data ? <Timeline record={record} items={data.slice(-lastEntries)} /> : <Bones rows={4} />}
      </div>
      <div className={css.reply}>
        <Composer record={record} to={record.requester} canInternal />
      </div>
      {actions.dialog}
    </div>
  );
}
