import { useQuery } from '@tanstack/react-query';
import {
  type KeyboardEvent,
  type Ref,
  type TextareaHTMLAttributes,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { Ref as Reference } from '../../api/types';
import { directoryQuery } from '../lib/queries';
import css from './desk.module.css';
import { asked, insert } from './mentions';

interface Props extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange' | 'value'> {
  value: string;
  box?: Ref<HTMLTextAreaElement>;
  onChange: (value: string) => void;
  onMention: (person: Reference) => void;
}

const most = 6;
const looked = 50;

/** Those who work here before those who report: there are many more of these. */
const colleaguesFirst = (people: (Reference & { teams?: unknown[] })[]) =>
  [...people]
    .sort((a, b) => Number(Boolean(b.teams?.length)) - Number(Boolean(a.teams?.length)))
    .slice(0, most);

/** A box for words in which `@` offers colleagues: arrows choose, Enter takes, Escape leaves it. */
export function MentionBox({ value, box, onChange, onMention, onKeyDown, ...rest }: Props) {
  const { t } = useTranslation('desk');
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(box, () => area.current as HTMLTextAreaElement);
  const [caret, setCaret] = useState(0);
  const [left, setLeft] = useState<number>();
  const [index, setIndex] = useState(0);
  const wanted = asked(value, caret);
  const open = wanted !== undefined && wanted.at !== left;
  const { data } = useQuery({ ...directoryQuery('users', wanted?.q ?? '', looked), enabled: open });
  const people = open ? colleaguesFirst(data?.items ?? []) : [];
  const current = people[Math.min(index, people.length - 1)];

  const look = () => {
    setCaret(area.current?.selectionStart ?? 0);
    setIndex(0);
  };
  const take = (person: Reference) => {
    if (!wanted) return;
    const next = insert(value, caret, wanted.at, person.label);
    onChange(next.text);
    onMention(person);
    setCaret(next.caret);
    setLeft(wanted.at);
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(next.caret, next.caret);
    });
  };
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (!current || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing)
      return onKeyDown?.(event);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setIndex((index + step + people.length) % people.length);
    else if (event.key === 'Enter' || event.key === 'Tab') take(current);
    else if (event.key === 'Escape') {
      event.stopPropagation();
      setLeft(wanted?.at);
    } else return onKeyDown?.(event);
    event.preventDefault();
  };
  return (
    <div className={css.mentionArea}>
      {people.length > 0 && (
        <div id={`${id}-list`} role="listbox" aria-label={t('mention_list')} className={css.mentions}>
          {people.map((it) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the box has the focus and takes the keys
            <div
              key={it.id}
              id={`${id}-${it.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={it === current}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(it)}
            >
              {it.label} <span className="dim small">{it.key}</span>
            </div>
          ))}
        </div>
      )}
      <textarea
        {...rest}
        ref={area}
        value={value}
        aria-autocomplete="list"
        aria-controls={people.length > 0 ? `${id}-list` : undefined}
        aria-activedescendant={current && `${id}-${current.id}`}
        onChange={(event) => {
          onChange(event.target.value);
          setLeft(undefined);
          look();
        }}
        onSelect={look}
        onBlur={() => setLeft(wanted?.at)}
        onKeyDown={onKey}
      />
    </div>
  );
}
