// A language for finding text that was written into the code: every translated text appears in
// brackets with accents, so whatever is plain was never translated. `?lng=pseudo` turns it on.
type Texts = { [key: string]: string | Texts };

const accents: Record<string, string> = {
  a: 'å',
  e: 'é',
  i: 'î',
  o: 'ö',
  u: 'ü',
  A: 'Å',
  E: 'É',
  I: 'Î',
  O: 'Ö',
  U: 'Û',
  c: 'ç',
  n: 'ñ',
  s: 'š',
};

const mark = (text: string) =>
  `⟦${text.replace(/\{\{.*?\}\}|\$t\(.*?\)|\[\[[^|]*\||<[^>]*>|[a-zA-Z]/g, (it) => (it.length > 1 ? it : (accents[it] ?? it)))}⟧`;

export function pseudo(texts: Texts): Texts {
  return Object.fromEntries(
    Object.entries(texts).map(([key, value]) => [
      key,
      typeof value === 'string' ? mark(value) : pseudo(value),
    ]),
  );
}
