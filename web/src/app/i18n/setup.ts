import type { Locale } from 'antd/es/locale';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { setApiLanguage } from '../../api/client';
import { preferences } from '../../shared/lib/preferences';

const loaders = {
  zh: () => import('./zh'),
  en: () => import('./en'),
};
export type Language = keyof typeof loaders;
const loaded = new Map<string, Locale>();

/** `zh-CN` → zh, `en-GB` → en, anything else is not ours. */
export function supported(tag: string | null | undefined): Language | null {
  const base = tag?.toLowerCase().split('-')[0];
  return base === 'zh' || base === 'en' ? base : null;
}

async function load(language: string) {
  if (loaded.has(language)) return;
  const base = supported(language) ?? 'en';
  const { bundle } = await loaders[base]();
  const texts =
    language === 'pseudo'
      ? ((await import('./pseudo')).pseudo(bundle.texts) as typeof bundle.texts)
      : bundle.texts;
  for (const [namespace, words] of Object.entries(texts)) {
    i18next.addResourceBundle(language, namespace, words);
  }
  loaded.set(language, bundle.antd);
}

export const antdLocale = (language: string) => loaded.get(language);

function announce(language: string) {
  setApiLanguage(language === 'en' ? 'en' : 'zh-CN');
  document.documentElement.lang = language === 'en' ? 'en' : language === 'zh' ? 'zh-CN' : 'en-x-pseudo';
}

export async function setLanguage(language: string) {
  await load(language);
  announce(language);
  await i18next.changeLanguage(language);
}

export async function startI18n() {
  const asked = new URLSearchParams(location.search).get('lng');
  const first =
    asked === 'pseudo'
      ? asked
      : (supported(asked) ??
        supported(preferences.get().language) ??
        (navigator.languages.map(supported).find(Boolean) || 'zh'));
  if (supported(asked)) preferences.set({ language: asked });
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
