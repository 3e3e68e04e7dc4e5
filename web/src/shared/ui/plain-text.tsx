import { Fragment } from 'react';
import { pieces } from '../lib/plain-text';

/** Text as it was written: line breaks kept, addresses linked, nothing read as HTML. */
export function PlainText({ text }: { text: string }) {
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
