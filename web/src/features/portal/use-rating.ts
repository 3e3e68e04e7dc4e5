import { useCallback, useState } from 'react';
import type { Action, RecordItem } from '../../api/types';
import { type RecordId, useRecordWrites } from '../../shared/desk/use-record-writes';
import { useProblem } from '../../shared/lib/use-problem';

/** What a rating sends; an empty word is no word. */
export const ratingFields = (it: { score: number; comment: string }) => ({
  score: it.score,
  ...(it.comment.trim() ? { comment: it.comment.trim() } : {}),
});

/** Stars that were chosen go with whatever ends the request, not with what starts it again. */
export const ratesAfter = (score: number, action: Pick<Action, 'kind'>, record: Pick<RecordItem, 'phase'>) =>
  score > 0 && action.kind === 'outcome' && (record.phase === 'resolved' || record.phase === 'closed');

export function useRating(id: RecordId) {
  const writes = useRecordWrites(id);
  const problem = useProblem();
  const [score, setScore] = useState(0);
  const [comment, setComment] = useState('');
  const after = useCallback(
    (action: Action, record: RecordItem) => {
      if (!ratesAfter(score, action, record)) return;
      writes
        .act('rate', ratingFields({ score, comment }), record.version)
        .then(() => {
          setScore(0);
          setComment('');
        })
        .catch(problem);
    },
    [score, comment, writes, problem],
  );
  return { score, setScore, comment, setComment, after };
}
export type Rating = ReturnType<typeof useRating>;
