import { useQuery } from '@tanstack/react-query';
import { Button, Input, Rate } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkRecord } from '../../api/types';
import type { Actions } from '../../shared/desk/use-actions';
import type { JsonSchema } from '../../shared/form/schema';
import { packQuery } from '../../shared/lib/queries';
import css from './portal.module.css';
import { type Rating, ratingFields } from './use-rating';

/** Stars and a word, when the server says the person may rate. */
export function RateBox({
  record,
  actions,
  rating,
}: {
  record: WorkRecord;
  actions: Actions;
  rating: Rating;
}) {
  const { t } = useTranslation('portal');
  const { data: pack } = useQuery(packQuery(record.type));
  const rate = actions.get('rate');
  const { score, setScore, comment, setComment } = rating;
  const [again, setAgain] = useState(false);
  const rated = Object.entries(pack?.form.properties ?? {}).find(
    ([, it]) => (it as JsonSchema)['x-widget'] === 'rate',
  );
  const given = rated && record.fields[rated[0]];
  if (typeof given === 'number' && !again) {
    return (
      <p className={`dim small ${css.rated}`}>
        {t('rated', { score: given })}
        {rate?.enabled && (
          <Button size="small" type="link" onClick={() => setAgain(true)}>
            {t('rate_again')}
          </Button>
        )}
      </p>
    );
  }
  if (!rate?.enabled) return null;
  const run = () =>
    actions
      .run(rate, ratingFields(rating))
      .then(() => {
        setAgain(false);
        setScore(0);
        setComment('');
      })
      .catch(() => {});
  return (
    <fieldset className={css.rate} style={{ border: 0, margin: '16px 0 0' }}>
      <legend className="visually-hidden">{t('rate')}</legend>
      <strong aria-hidden="true">{t('rate')}</strong>
      <Rate
        value={score}
        onChange={setScore}
        tooltips={[1, 2, 3, 4, 5].map((count) => t('stars', { count }))}
      />
      {score > 0 && (
        <>
          <Input.TextArea
            autoSize={{ minRows: 2 }}
            aria-label={t('rate_comment')}
            placeholder={t('rate_comment')}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
          <div>
            <Button type="primary" loading={actions.busy === 'rate'} onClick={() => void run()}>
              {rate.label}
            </Button>
          </div>
        </>
      )}
    </fieldset>
  );
}
