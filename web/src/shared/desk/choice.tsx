import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Offered } from '../../api/types';
import css from './desk.module.css';

/** What decided, in one sentence. */
export function useChoiceText() {
  const { t } = useTranslation('desk');
  return (choice: Offered) =>
    t(`choice_${choice.rule}`, {
      team: choice.team.label,
      person: (choice.person ?? choice.duty)?.label ?? '—',
    });
}

/** Whom of a team work was offered to, opened to what spoke for and against each. */
export function Choices({ choices }: { choices: Offered[] }) {
  const inWords = useChoiceText();
  return choices.map((choice, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: choices of one entry, which never changes
    <details key={index} className={css.decisions}>
      <summary>{inWords(choice)}</summary>
      <Considered choice={choice} />
    </details>
  ));
}

/** What somebody has, and of how much they may have: by a number of their own, else by the team's. */
function loadOf({ open, capacity }: Offered['considered'][number], choice: Offered, t: TFunction<'desk'>) {
  if (typeof capacity === 'number') return t('choice_open_of_own', { open, most: capacity });
  if (typeof choice.capacity === 'number') return t('choice_open_of', { open, most: choice.capacity });
  return t('choice_open', { open });
}

/** Everybody who was considered, with the reason. */
export function Considered({ choice }: { choice: Offered }) {
  const { t } = useTranslation('desk');
  const names = (list: { label: string }[]) => list.map((it) => it.label).join(t('common:comma'));
  return (
    <>
      {choice.skills.length > 0 && (
        <p className="dim small">{t('choice_skills', { skills: names(choice.skills) })}</p>
      )}
      <ul>
        {choice.considered.map((it) => (
          <li key={it.person.id}>
            {it.why === 'chosen' ? <b>{it.person.label}</b> : it.person.label}{' '}
            <span className="dim">
              {[
                t(`choice_why_${it.why}`, { skills: names(it.lacks) }),
                loadOf(it, choice, t),
                it.here && t('choice_here'),
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </li>
        ))}
        {choice.more > 0 && <li className="dim">{t('choice_more', { count: choice.more })}</li>}
      </ul>
    </>
  );
}
