/** Plain text cut into runs of words and links; nothing is ever read as HTML. */
export interface Piece {
  text: string;
  href?: string;
}

const link = /\bhttps?:\/\/[^\s<>"'，。；、）】]+/g;

export function pieces(text: string): Piece[] {
  const out: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(link)) {
    const href = match[0].replace(/[.,;:!?)\]]+$/, '');
    if (match.index > from) out.push({ text: text.slice(from, match.index) });
    out.push({ text: href, href });
    from = match.index + href.length;
  }
  if (from < text.length) out.push({ text: text.slice(from) });
  return out;
}

/** A run of own words, or of what somebody quoted from an earlier mail. */
export interface Passage {
  text: string;
  quoted: boolean;
}

// How mail programs begin what they quote whole below the answer, in Chinese ("original message", "forwarded message",
// "on … wrote:") and in English.
const quoteBegins = [
  /^-{2,}\s*(\u539f\u59cb\u90ae\u4ef6|\u8f6c\u53d1\u90ae\u4ef6|original message|forwarded message)\s*-{2,}\s*$/i,
  /^\u5728.{4,120}(\u5199\u9053|\u5199\u5230)[\uff1a:]\s*$/,
  /^on .{4,160} wrote:\s*$/i,
];
/** Quotes of so few lines are read faster than unfolded. */
const fewLines = 3;

/** Cuts a text into own words and quotes long enough to be folded away. */
export function passages(text: string): Passage[] {
  const runs: { lines: string[]; quoted: boolean }[] = [];
  let below = false;
  for (const line of text.split('\n')) {
    below ||= quoteBegins.some((it) => it.test(line.trim()));
    const quoted = below || /^\s*>/.test(line);
    const last = runs.at(-1);
    if (last && last.quoted === quoted) last.lines.push(line);
    else runs.push({ lines: [line], quoted });
  }
  const out: Passage[] = [];
  for (const run of runs) {
    const quoted = run.quoted && run.lines.length > fewLines;
    const last = out.at(-1);
    const words = run.lines.join('\n');
    if (last && last.quoted === quoted) last.text += `\n${words}`;
    else out.push({ text: words, quoted });
  }
  return out;
}
