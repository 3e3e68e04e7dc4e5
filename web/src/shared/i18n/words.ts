// What the organisation calls things. Texts mark the words: `[[term|word]]` is the organisation's word for the term, else the
// one that stands there. It comes with who is signed in.
import i18next, { type PostProcessorModule } from 'i18next';

export type Words = Record<string, string>;

let words: Words = {};

/** The word with a small letter where the text has one. What is written in capitals throughout stays. */
function like(word: string, own: string): string {
  const [first = '', second = ''] = word;
  const isUpper = (letter: string) => letter !== letter.toLowerCase();
  return own[0] === own[0]?.toLowerCase() && !isUpper(second)
    ? first.toLowerCase() + word.slice(first.length)
    : word;
}

/** A text in the words of here. */
export const say = (text: string, here: Words = words) =>
  text.includes('[[')
    ? text.replace(/\[\[([a-z_.]+)\|(.*?)\]\]/g, (_, term: string, own: string) => {
        const word = here[term];
        return word ? like(word, own) : own;
      })
    : text;

/** Put into every text that is translated. */
export const wording: PostProcessorModule = {
  type: 'postProcessor',
  name: 'words',
  process: (text: string) => (typeof text === 'string' ? say(text) : text),
};

/** What things are called for who is signed in; pages that said otherwise say it anew. */
export function setWords(here: Words | undefined) {
  const next = here ?? {};
  if (JSON.stringify(next) === JSON.stringify(words)) return;
  words = next;
  if (i18next.isInitialized) void i18next.changeLanguage(i18next.language);
}
