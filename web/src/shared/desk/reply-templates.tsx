import { useQuery } from '@tanstack/react-query';
import { Button, Input, type InputRef, Segmented } from 'antd';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReplyTemplate } from '../../api/types';
import { templatesQuery } from '../lib/kit-queries';
import { CloseIcon } from '../ui/icons';
import css from './reply-templates.module.css';
import type { RecordId } from './use-record-writes';

interface Props {
  record: RecordId;
  onTake: (words: string) => void;
  onClose: () => void;
}

const shownAtOnce = 30;
const fits = (it: ReplyTemplate, q: string) =>
  `${it.label} ${it.key} ${it.group ?? ''} ${it.body}`.toLowerCase().includes(q.trim().toLowerCase());

/** Whole replies first, then phrases; each by its group and name. */
const inOrder = (items: ReplyTemplate[]) =>
  [...items].sort(
    (a, b) =>
      Number(a.phrase) - Number(b.phrase) ||
      (a.group ?? '').localeCompare(b.group ?? '') ||
      a.label.localeCompare(b.label),
  );

/** The templates that fit, found by typing: arrows choose, Enter takes, Escape leaves. */
export function ReplyTemplates({ record, onTake, onClose }: Props) {
  const { t } = useTranslation('desk');
  const id = useId();
  const box = useRef<InputRef>(null);
  const list = useRef<HTMLDivElement>(null);
  const [q, setQ] = useState('');
  const [index, setIndex] = useState(0);
  const [language, setLanguage] = useState<string>();
  const { data, isPending, error } = useQuery({
    ...templatesQuery(record.type, record.number, language),
    refetchOnMount: 'always',
  });
  useEffect(() => box.current?.focus(), []);
  const found = inOrder((data?.items ?? []).filter((it) => fits(it, q))).slice(0, shownAtOnce);
  const current = found[Math.min(index, found.length - 1)];
  const step = (by: number) => {
    const next = (Math.min(index, found.length - 1) + by + found.length) % found.length;
    setIndex(next);
    list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') onClose();
    else if (!current) return;
    else if (event.key === 'ArrowDown') step(1);
    else if (event.key === 'ArrowUp') step(-1);
    else if (event.key === 'Enter') onTake(current.body);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the search box within
    <div className={css.panel} onKeyDown={onKeyDown}>
      <div className={css.top}>
        <Input
          ref={box}
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={current && `${id}-${current.key}`}
          aria-label={t('template_find')}
          placeholder={t('template_find')}
          value={q}
          onChange={(event) => {
            setQ(event.target.value);
            setIndex(0);
          }}
        />
        <Segmented
          aria-label={t('template_language')}
          value={language ?? data?.language ?? 'zh'}
          options={[
            { value: 'zh', label: t('template_zh') },
            { value: 'en', label: t('template_en') },
          ]}
          onChange={setLanguage}
        />
        <Button type="text" icon={<CloseIcon />} aria-label={t('template_close')} onClick={onClose} />
      </div>
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={t('templates')}
        className={css.list}
        tabIndex={-1}
      >
        {found.map((it) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the box has the focus and takes the keys
          <div
            key={it.key}
            id={`${id}-${it.key}`}
            role="option"
            tabIndex={-1}
            aria-selected={it === current}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onTake(it.body)}
          >
            <span>
              {it.label}
              <span className="dim small"> {it.phrase ? t('template_phrase') : it.group}</span>
            </span>
            <span className={css.words}>{it.body}</span>
          </div>
        ))}
      </div>
      {!isPending && found.length === 0 && (
        <p className="dim small" role="status">
          {error ? t('template_failed') : t(q ? 'template_none_found' : 'template_none')}
        </p>
      )}
    </div>
  );
}
