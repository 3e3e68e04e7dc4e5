import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { passages, pieces } from '../lib/plain-text';

/** Text as it was written: line breaks kept, addresses linked, quoted mail folded, nothing read as HTML. */
export function PlainText({ text }: { text: string }) {
  const { t } = useTranslation('common');
  return passages(text).map((it, index) =>
    it.quoted ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: passages of one fixed text
      <details key={index}>
        <summary className="dim small">{t('quoted', { count: it.text.split('\n').length })}</summary>
        <Run text={it.text} />
      </details>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: passages of one fixed text
      <Run key={index} text={it.text} />
    ),
  );
}

function Run({ text }: { text: string }) {
  return (
    <span style={{ whiteSpace: 'pre-wrap' }}>
      {pieces(text).map((piece, index) =>
        piece.href ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one fixed text
          <a key={index} href={piece.href} target="_blank" rel="noreferrer noopener">
            {piece.text}
          </a>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one fixed text
          <Fragment key={index}>{piece.text}</Fragment>
        ),
      )}
    </span>
  );
}
