import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { WorkRecord } from '../../api/types';
import { ActionButton } from '../../shared/desk/action-bar';
import type { Actions } from '../../shared/desk/use-actions';
import { linksQuery } from '../../shared/lib/queries';
import { ErrorView } from '../../shared/ui/error-view';
import { LinkIcon } from '../../shared/ui/icons';
import { PhaseMark } from '../../shared/ui/marks';
import { Bones, Empty } from '../../shared/ui/page';
import { ChildrenPanel } from './children-panel';
import css from './record.module.css';
import { hasEnded, Unlink } from './unlink';

export function LinksTab({ record, actions }: { record: WorkRecord; actions: Actions }) {
  const { t } = useTranslation('record');
  const { data, error, refetch } = useQuery(linksQuery(record.type, record.number));
  const link = actions.get('link');
  if (error) return <ErrorView error={error} retry={() => void refetch()} />;
  if (!data) return <Bones rows={3} />;
  const button = link && (
    <ActionButton
      action={{ ...link, label: t('link') }}
      primary={data.items.length === 0}
      busy={actions.busy === 'link'}
      onRun={() => actions.start(link)}
    />
  );
  // Those below have a list of their own, with how they stand.
  const others = data.items.filter((it) => it.kind !== 'child' && it.kind !== 'duplicated_by');
  if (data.items.length === 0) {
    return (
      <div className="card">
        <Empty icon={<LinkIcon />} title={t('no_links')} text={t('no_links_text')}>
          {button}
        </Empty>
      </div>
    );
  }
  return (
    <>
      <div className={css.tabTools}>{button}</div>
      <ChildrenPanel record={record} actions={actions} />
      {others.length > 0 && (
        <ul className="card">
          {others.map((it) => (
            <li key={`${it.kind}.${it.record.number}`} className={css.linkRow}>
              <span className="dim">{t(`link_${it.kind}`, { defaultValue: it.kind })}</span>
              <span className="mono dim">{it.record.number}</span>
              <Link
                className={css.linkTitle}
                to="/w/records/$type/$number"
                params={{ type: it.record.type, number: it.record.number }}
                search={{}}
              >
                {it.record.title}
              </Link>
              <PhaseMark phase={it.record.phase} label={t(`common:phase.${it.record.phase}`)} />
              {!(it.kind === 'duplicate' && hasEnded(record.phase)) && (
                <Unlink actions={actions} to={it.record.number} kind={it.kind} />
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
