import type { Ref } from '../../api/types';

/** The name that is being written behind an `@` before the caret, and where the `@` stands. */
export function asked(text: string, caret: number): { at: number; q: string } | undefined {
  const found = /(?:^|[^\w@.])@([^\s@]{0,30})$/u.exec(text.slice(0, caret));
  const q = found?.[1];
  return q === undefined ? undefined : { at: caret - q.length - 1, q };
}

/** The text with a name in place of what was asked, and where the caret stands then. */
export function insert(
  text: string,
  caret: number,
  at: number,
  name: string,
): { text: string; caret: number } {
  const word = `@${name} `;
  return { text: text.slice(0, at) + word + text.slice(caret), caret: at + word.length };
}

/** Whom the words still speak to: a name that was taken out again is not told. */
export const spokenTo = (text: string, picked: Ref[]) =>
  picked.filter(
    (it, index) => text.includes(`@${it.label}`) && picked.findIndex((one) => one.id === it.id) === index,
  );
