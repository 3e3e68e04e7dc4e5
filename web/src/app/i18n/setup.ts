import type { Locale } from 'antd/es/locale';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { setAnswerLanguage, setLanguage, setLanguageLoader, supported } from '../../shared/i18n/language';
import { preferences } from '../../shared/lib/preferences';

const loaders = {
  zh: () => import('./zh'),
  en: () => import('./en'),
};
const loaded = new Map<string, Locale>();

async function load(language: string) {
  if (loaded.has(language)) return;
  const { bundle } = await loaders[supported(language) ?? 'en']();
  const texts =
    language === 'pseudo'
      ? ((await import('./pseudo')).pseudo(bundle.texts) as typeof bundle.texts)
      : bundle.texts;
  for (const [namespace, words] of Object.entries(texts)) {
    i18next.addResourceBundle(language, namespace, words);
  }
  // In the pseudo-language what antd says itself is no fault of ours: it comes in Chinese, as data do.
  loaded.set(language, language === 'pseudo' ? (await loaders.zh()).bundle.antd : bundle.antd);
}

export const antdLocale = (language: string) => loaded.get(language);

/** The language that the page begins with. */
function firstLanguage(): string {
  const asked = new URLSearchParams(location.search).get('lng');
  if (asked === 'pseudo') return asked;
  const kept = supported(asked) ?? supported(preferences.get().language);
  return kept ?? (navigator.languages.map(supported).find(Boolean) || 'zh');
}

/** What is asked before the texts are there is asked in the language that they will be in. */
export const tellFirstLanguage = () => setAnswerLanguage(firstLanguage());

export async function startI18n() {
  const asked = new URLSearchParams(location.search).get('lng');
  const first = firstLanguage();
  if (supported(asked)) preferences.set({ language: asked });
  setLanguageLoader(load);
  await i18next.use(initReactI18next).init({
    lng: first,
    fallbackLng: false,
    resources: {},
    defaultNS: 'common',
    fallbackNS: 'common',
    nsSeparator: ':',
    keySeparator: '.',
    interpolation: { escapeValue: false },
    returnNull: false,
    react: { useSuspense: false },
  });
  await setLanguage(first);
}
