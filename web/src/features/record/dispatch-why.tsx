import { useQuery } from '@tanstack/react-query';
import { Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { DispatchWhy, WorkRecord } from '../../api/types';
import { Considered, useChoiceText } from '../../shared/desk/choice';
import { Told } from '../../shared/desk/decisions';
import { ErrorView } from '../../shared/ui/error-view';
import { Bones } from '../../shared/ui/page';
import { TimeAgo } from '../../shared/ui/time-ago';
import css from './why.module.css';

/** One click from the team to the row of the table, or the load, that brought the record there. */
export function WhyHere({ record }: { record: WorkRecord }) {
  const { t } = useTranslation('record');
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={`plain small ${css.why}`} data-no-print onClick={() => setOpen(true)}>
        {t('why_here')}
      </button>
      {open && (
        <Modal
          open
          title={t('why_here')}
          footer={null}
          width={560}
          onCancel={() => setOpen(false)}
          afterClose={() => setOpen(false)}
        >
          <Why record={record} />
        </Modal>
      )}
    </>
  );
}

function Why({ record }: { record: WorkRecord }) {
  const { t } = useTranslation('record');
  const inWords = useChoiceText();
  const path = { type: record.type, number: record.number };
  const { data, error, refetch } = useQuery({
    queryKey: ['record', record.type, record.number, 'dispatch', record.version],
    queryFn: () =>
      call<DispatchWhy>(api.GET('/api/v1/records/{type}/{number}/dispatch', { params: { path } })),
    retry: false,
    gcTime: 0,
  });
  if (error) return <ErrorView error={error} retry={() => void refetch()} />;
  if (!data) return <Bones rows={4} />;
  const { team, person } = data;
  const choice = person?.choice;
  return (
    <div className={css.whyBody}>
      {!team && !person && <p className="dim">{t('why_nothing')}</p>}
      {team && (
        <section>
          <h3>
            {t('why_team')} · {record.team?.label ?? '—'}{' '}
            <span className="dim small">
              <TimeAgo at={team.at} />
            </span>
          </h3>
          {team.decision ? (
            <p>
              <Told decision={team.decision} />
            </p>
          ) : (
            <p>
              {team.event === 'assigned' && team.by
                ? t('why_by_hand', { name: team.by.label })
                : t('why_by_flow')}
              {team.reason_label && <span className="dim"> {team.reason_label}</span>}
            </p>
          )}
        </section>
      )}
      {person && (
        <section>
          <h3>
            {t('why_person')} · {record.assignee?.label ?? '—'}{' '}
            <span className="dim small">
              <TimeAgo at={person.at} />
            </span>
          </h3>
          {choice ? (
            <>
              <p>{inWords(choice)}</p>
              <Considered choice={choice} />
            </>
          ) : (
            person.by && record.assignee && <p>{t('why_taken', { name: person.by.label })}</p>
          )}
        </section>
      )}
    </div>
  );
}
