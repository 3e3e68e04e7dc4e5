// What the reply box looks for in words before they are sent. Pure.

/** What opens the templates while writing. */
const openers = [';;', '；；'];

/** The text without what opened the templates right before the caret, and where the caret stands then. */
export function opened(text: string, caret: number): { text: string; at: number } | undefined {
  const at = caret - 2;
  if (at < 0 || !openers.includes(text.slice(at, caret))) return undefined;
  return { text: text.slice(0, at) + text.slice(caret), at };
}

/** A text put in at a place instead of what is selected, and where the caret stands then. */
export function putIn(
  text: string,
  from: number,
  to: number,
  words: string,
): { text: string; caret: number } {
  return { text: text.slice(0, from) + words + text.slice(to), caret: from + words.length };
}

/** The words that no reply should carry and that this one does. */
export const bannedIn = (text: string, banned: string[]) => {
  const lower = text.toLowerCase();
  return banned.filter((it) => it.trim() && lower.includes(it.trim().toLowerCase()));
};

/** The places of templates that were never filled. */
export const gapsIn = (text: string) => [...text.matchAll(/〔[^〔〕\n]{1,60}〕/g)].map((it) => it[0]);
