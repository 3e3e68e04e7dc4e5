import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { meQuery } from '../../shared/lib/queries';
import { useClearing } from '../../shared/ui/clearing';
import { ErrorView } from '../../shared/ui/error-view';
import { SearchIcon } from '../../shared/ui/icons';
import { Markdown } from '../../shared/ui/markdown';
import { Bones, Empty } from '../../shared/ui/page';
import { type Chapter, found, guideQuery, guidesOf } from './guide';
import css from './help.module.css';

interface Props {
  /** The chapter that is open. */
  at: string | undefined;
  onOpen: (chapter: string) => void;
}

/** The guide, as far as it is for the reader: one chapter, and all others by their headings. */
export function GuideView({ at, onOpen }: Props) {
  const { t, i18n } = useTranslation('help');
  const { data: me } = useSuspenseQuery(meQuery);
  const [q, setQ] = useState('');
  const names = guidesOf(me);
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const tag = language === 'en' ? 'en' : 'zh-CN';
  const { data, error, refetch } = useQuery(guideQuery(language, names));
  const clearing = useClearing();
  const article = useRef<HTMLElement>(null);
  const first = useRef(true);
  const open = data?.find((it) => it.key === at) ?? data?.[0];
  useEffect(() => {
    if (!open) return;
    // A chapter that was chosen is read from its heading; the first one comes with its page.
    if (!first.current) article.current?.querySelector<HTMLElement>('[tabindex="-1"]')?.focus();
    first.current = false;
  }, [open]);
  if (error) return <ErrorView error={error} retry={() => void refetch()} />;
  if (!data || !open) return <Bones rows={6} />;
  const shown = q.trim() ? found(data, q) : data;
  return (
    <div className={css.view}>
      <article ref={article} className={css.chapter} lang={tag}>
        <h2 tabIndex={-1}>{open.title}</h2>
        <Markdown text={open.text} />
      </article>
      <nav className={css.contents} aria-label={t('contents')}>
        <Input
          allowClear={clearing}
          prefix={<SearchIcon className="dim" />}
          aria-label={t('find')}
          placeholder={t('find')}
          value={q}
          onChange={(event) => setQ(event.target.value)}
        />
        {names.map((name) => (
          <Part
            key={name}
            title={t(`for_${name}`)}
            tag={tag}
            chapters={shown.filter((it) => it.guide === name)}
            at={open.key}
            onOpen={onOpen}
          />
        ))}
        {shown.length === 0 && <Empty title={t('found_none', { q: q.trim() })} text={t('found_hint')} />}
      </nav>
    </div>
  );
}

interface PartProps {
  title: string;
  /** The language of the chapters. */
  tag: string;
  chapters: Chapter[];
  at: string;
  onOpen: (chapter: string) => void;
}

function Part({ title, tag, chapters, at, onOpen }: PartProps) {
  if (chapters.length === 0) return null;
  return (
    <section>
      <p className="dim small">{title}</p>
      <ul lang={tag}>
        {chapters.map((it) => (
          <li key={it.key}>
            <button
              type="button"
              className="plain"
              aria-current={it.key === at ? 'true' : undefined}
              onClick={() => onOpen(it.key)}
            >
              {it.title}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
