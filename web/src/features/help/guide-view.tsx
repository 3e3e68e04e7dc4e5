import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { meQuery } from '../../shared/lib/queries';
import { useClearing } from '../../shared/ui/clearing';
import { ErrorView } from '../../shared/ui/error-view';
import { DownIcon, SearchIcon } from '../../shared/ui/icons';
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
  const id = useId();
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
  // `guide` is the guide as a whole; any other chapter was meant by somebody.
  const missing = at !== undefined && at !== 'guide' && open !== undefined && open.key !== at;
  // Where the chapters stand above the text they are folded, unless one looks for something.
  const [unfolded, setUnfolded] = useState(false);
  useEffect(() => {
    if (!open) return;
    // A chapter that was chosen is read from its heading; the first one comes with its page.
    if (!first.current) article.current?.querySelector<HTMLElement>('[tabindex="-1"]')?.focus();
    first.current = false;
  }, [open]);
  const choose = (chapter: string) => {
    setUnfolded(false);
    onOpen(chapter);
  };
  if (error) return <ErrorView error={error} retry={() => void refetch()} />;
  if (!data || !open) return <Bones rows={6} />;
  const shown = q.trim() ? found(data, q) : data;
  return (
    <div className={css.view}>
      <nav className={css.contents} aria-label={t('contents')} data-unfolded={unfolded}>
        <Input
          allowClear={clearing}
          prefix={<SearchIcon className="dim" />}
          aria-label={t('find')}
          placeholder={t('find')}
          value={q}
          onChange={(event) => {
            setQ(event.target.value);
            setUnfolded(event.target.value !== '');
          }}
        />
        <Button
          className={css.unfold}
          aria-expanded={unfolded}
          aria-controls={`${id}-chapters`}
          icon={<DownIcon />}
          iconPlacement="end"
          onClick={() => setUnfolded(!unfolded)}
        >
          {t('contents')}
        </Button>
        <div id={`${id}-chapters`} className={css.chapters}>
          {names.map((name) => (
            <Part
              key={name}
              title={t(`for_${name}`)}
              tag={tag}
              chapters={shown.filter((it) => it.guide === name)}
              at={open.key}
              onOpen={choose}
            />
          ))}
          {shown.length === 0 && <Empty title={t('found_none', { q: q.trim() })} text={t('found_hint')} />}
        </div>
      </nav>
      <article ref={article} className={css.chapter} lang={tag}>
        {missing && (
          <p role="status" className={css.missing}>
            {t('no_chapter')}
          </p>
        )}
        <h2 tabIndex={-1}>{open.title}</h2>
        <Markdown text={open.text} />
      </article>
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
