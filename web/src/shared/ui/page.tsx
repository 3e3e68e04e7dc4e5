// The frame every page shares: a title, the answer to its one question, tools, and its empty and waiting states.
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import css from './page.module.css';

export function useTitle(title: string | undefined) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = title ? `${title} · ${t('common:product')}` : t('common:product');
  }, [title, t]);
}

export function PageHead(props: { title: ReactNode; answer?: ReactNode; tools?: ReactNode }) {
  return (
    <header className={css.head}>
      <h1>{props.title}</h1>
      {props.answer && <div className={css.answer}>{props.answer}</div>}
      {props.tools && <div className={css.tools}>{props.tools}</div>}
    </header>
  );
}

/** `page`: this is all there is, so its title is the page's. */
export function Empty(props: {
  icon?: ReactNode;
  title: string;
  text?: string;
  page?: boolean;
  children?: ReactNode;
  /** Small print below all else. */
  note?: ReactNode;
}) {
  return (
    <div className={css.empty} data-empty>
      {props.icon && (
        <span className={css.icon} aria-hidden="true">
          {props.icon}
        </span>
      )}
      {props.page ? <h1>{props.title}</h1> : <strong>{props.title}</strong>}
      {props.text && <p>{props.text}</p>}
      {props.children && <div className={css.actions}>{props.children}</div>}
      {props.note && <div className={css.note}>{props.note}</div>}
    </div>
  );
}

/** Rows in grey, as tall as the rows to come, so that nothing jumps. */
export function Bones({ rows = 8 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div className={css.bones} role="status" aria-label={t('common:loading')}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without identity
        <div key={row}>
          <i className="bone" style={{ width: 28 }} />
          <i className="bone" style={{ width: 110 }} />
          <i className="bone" style={{ flex: 1, maxWidth: 180 + ((row * 67) % 240) }} />
        </div>
      ))}
    </div>
  );
}
