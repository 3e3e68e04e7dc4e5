import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call, setCsrf } from '../../api/client';
import { isStatus } from '../../api/error';
import type { Info, Me } from '../../api/types';
import { languageNames, supported, useLanguage } from '../../shared/i18n/language';
import { setWords } from '../../shared/i18n/words';
import { takePreferences } from '../../shared/lib/kept-preferences';
import { preferences } from '../../shared/lib/preferences';
import { infoQuery, meQuery } from '../../shared/lib/queries';
import { useProblemWords } from '../../shared/lib/use-problem';
import { Avatar } from '../../shared/ui/marks';
import { useTitle } from '../../shared/ui/page';
import { Dipper } from './dipper';
import css from './session.module.css';

const route = getRouteApi('/sign-in');

/** Only a path of our own is followed after sign-in. */
const safe = (next: string | undefined) => (next && /^\/(?!\/)/.test(next) ? next : undefined);

export function SignInPage() {
  const { t, i18n } = useTranslation('session');
  const { next } = route.useSearch();
  const router = useRouter();
  const client = useQueryClient();
  const changeLanguage = useLanguage();
  const words = useProblemWords();
  const { data: info } = useQuery(infoQuery);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  useTitle(t('sign_in'));

  const signIn = async (name: string, word: string) => {
    setBusy(true);
    setFailure(undefined);
    try {
      const answer = await call<{ user: Me; csrf: string }>(
        api.POST('/api/v1/session', { body: { username: name.trim(), password: word } }),
      );
      client.clear();
      setCsrf(answer.csrf);
      takePreferences(answer.user);
      setWords(answer.user.words);
      client.setQueryData(meQuery.queryKey, { ...answer.user, csrf: answer.csrf });
      const locale = supported(answer.user.locale);
      if (!preferences.get().language && locale && locale !== i18n.language)
        await changeLanguage(locale, false);
      const home = answer.user.setup ? '/setup' : answer.user.workspace ? '/w' : '/';
      await router.navigate({ to: safe(next) ?? home, replace: true });
    } catch (error) {
      if (isStatus(error, 401)) setFailure(t('failed'));
      else if (isStatus(error, 429)) setFailure(t('throttled'));
      else setFailure(words(error).text);
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void signIn(username, password);
  };
  return (
    <div className={css.page}>
      <header className={css.side}>
        <Dipper className={css.sky} />
        <p className={css.name}>{t('common:product')}</p>
        <p className={css.lead}>{t('lead')}</p>
      </header>
      <main id="main" className={css.form}>
        <div className={css.language}>
          {Object.entries(languageNames).map(([key, name]) => (
            <button
              key={key}
              type="button"
              className="plain"
              lang={key}
              aria-pressed={i18n.language === key}
              onClick={() => void changeLanguage(key, false)}
            >
              {name}
            </button>
          ))}
        </div>
        {info?.organisation && <p className="dim">{info.organisation}</p>}
        <h1>{t('title')}</h1>
        <form className={css.fields} onSubmit={submit}>
          {failure && (
            <p className={css.alert} role="alert">
              {failure}
            </p>
          )}
          <label htmlFor="username">
            {t('username')}
            <Input
              id="username"
              size="large"
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              autoFocus
              value={username}
              onChange={(event) => setUsername(event.target.value)}
            />
          </label>
          <label htmlFor="password">
            {t('password')}
            <Input
              id="password"
              size="large"
              type="password"
              name="password"
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </label>
          <Button
            type="primary"
            size="large"
            htmlType="submit"
            loading={busy}
            disabled={!username.trim() || !password}
          >
            {t('sign_in')}
          </Button>
        </form>
        {info?.demo && <Demo info={info} busy={busy} onPick={signIn} />}
      </main>
    </div>
  );
}

function Demo(props: { info: Info; busy: boolean; onPick: (username: string, password: string) => void }) {
  const { t } = useTranslation('session');
  return (
    <section className={css.demo} aria-label={t('demo')}>
      <h2>{t('demo')}</h2>
      <ul className={css.accounts}>
        {props.info.accounts.map((it) => (
          <li key={it.username}>
            <button
              type="button"
              className="card"
              disabled={props.busy}
              onClick={() => props.onPick(it.username, it.password)}
            >
              <Avatar name={it.role} large />
              <span className={css.account}>
                <strong>{it.role}</strong>
                <span className="mono dim">
                  {it.username} / {it.password}
                </span>
                <span className={css.what}>{it.what}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p className="dim small">{t('demo_hint')}</p>
    </section>
  );
}
