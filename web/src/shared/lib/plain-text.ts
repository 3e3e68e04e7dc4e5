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
