// The language of the page. Texts and antd's words of each language are loaded when it is chosen;
// `app/i18n` says how, so that features need not know where the texts lie.
import { useQueryClient } from '@tanstack/react-query';
import i18next from 'i18next';
import { useCallback } from 'react';
import { api, call, setApiLanguage } from '../../api/client';
import { preferences } from '../lib/preferences';

/** Each language by its own name; these are never translated. */
export const languageNames = { zh: '简体中文', en: 'English' } as const; // i18n-ok
export type Language = keyof typeof languageNames;

let load: (language: string) => Promise<void> = async () => {};
export const setLanguageLoader = (loader: typeof load) => {
  load = loader;
};

/** `zh-CN` → zh, `en-GB` → en, anything else is not ours. */
export function supported(tag: string | null | undefined): Language | null {
  const base = tag?.toLowerCase().split('-')[0];
  return base === 'zh' || base === 'en' ? base : null;
}

/** Answers of the server come in this language from now on. */
export const setAnswerLanguage = (language: string) => setApiLanguage(language === 'en' ? 'en' : 'zh-CN');

export async function setLanguage(language: string) {
  await load(language);
  setAnswerLanguage(language);
  document.documentElement.lang = language === 'en' ? 'en' : language === 'zh' ? 'zh-CN' : 'en-x-pseudo';
  await i18next.changeLanguage(language);
}

/** Change the language, keep it with the account if someone is signed in, and read all labels again. */
export function useLanguage() {
  const client = useQueryClient();
  return useCallback(
    async (language: string, signedIn: boolean) => {
      preferences.set({ language });
      await setLanguage(language);
      if (signedIn) {
        // The account keeps it too; where that fails this browser still does.
        await call(api.PATCH('/api/v1/me', { body: { locale: language } })).catch(() => {});
      }
      await client.invalidateQueries();
    },
    [client],
  );
}
