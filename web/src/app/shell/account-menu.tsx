import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Dropdown, type MenuProps } from 'antd';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { api, call } from '../../api/client';
import type { Me } from '../../api/types';
import { languageNames, useLanguage } from '../../shared/i18n/language';
import { dropDrafts } from '../../shared/lib/draft';
import { leavePreferences } from '../../shared/lib/kept-preferences';
import { showOverlay } from '../../shared/lib/overlays';
import { type Preferences, preferences, usePreferences } from '../../shared/lib/preferences';
import { useProblem } from '../../shared/lib/use-problem';
import { DownIcon } from '../../shared/ui/icons';
import { Avatar } from '../../shared/ui/marks';
import css from './shell.module.css';

export function AccountMenu({ me, face }: { me: Me; face: 'portal' | 'work' }) {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const client = useQueryClient();
  const problem = useProblem();
  const seen = usePreferences();
  const changeLanguage = useLanguage();

  const signOut = async () => {
    try {
      await call(api.DELETE('/api/v1/session'));
    } catch (error) {
      return problem(error);
    }
    leavePreferences();
    dropDrafts();
    await navigate({ to: '/sign-in', search: {} });
    client.clear();
  };
  const chosen = [
    `language.${i18next.language}`,
    `theme.${seen.theme}`,
    `density.${seen.density}`,
    ...(seen.letterKeys ? ['letters.toggle'] : []),
  ];
  const option = (key: string, label: string) => ({
    key,
    label,
    role: 'menuitemcheckbox',
    'aria-checked': chosen.includes(key),
    icon: <span className={css.check}>{chosen.includes(key) ? '✓' : ''}</span>,
  });
  const items: MenuProps['items'] = [
    {
      type: 'group',
      label: t('language'),
      children: [option('language.zh', languageNames.zh), option('language.en', languageNames.en)],
    },
    {
      type: 'group',
      label: t('appearance'),
      children: (['system', 'light', 'dark'] as const).map((it) => option(`theme.${it}`, t(`theme_${it}`))),
    },
    ...(face === 'work'
      ? [
          {
            type: 'group' as const,
            label: t('density'),
            children: (['compact', 'comfortable'] as const).map((it) =>
              option(`density.${it}`, t(`density_${it}`)),
            ),
          },
          { type: 'divider' as const },
          option('letters.toggle', t('letter_keys')),
          { key: 'go.keys', label: t('keys'), icon: <span className={css.check} /> },
        ]
      : []),
    { type: 'divider' },
    ...(me.workspace ? [{ key: 'go.away', label: t('away'), icon: <span className={css.check} /> }] : []),
    { key: 'go.sessions', label: t('sessions'), icon: <span className={css.check} /> },
    ...(me.workspace
      ? [
          {
            key: 'go.face',
            label: t(face === 'work' ? 'portal' : 'workspace'),
            icon: <span className={css.check} />,
          },
        ]
      : []),
    { key: 'go.out', label: t('sign_out'), icon: <span className={css.check} /> },
  ];
  const onClick: MenuProps['onClick'] = ({ key }) => {
    const [what, value] = key.split('.') as [string, string];
    if (what === 'language') void changeLanguage(value, true);
    if (what === 'theme') preferences.set({ theme: value as Preferences['theme'] });
    if (what === 'density') preferences.set({ density: value as Preferences['density'] });
    if (what === 'letters') preferences.set({ letterKeys: !seen.letterKeys });
    if (value === 'keys') showOverlay('keys');
    if (value === 'sessions') void navigate({ to: face === 'work' ? '/w/sessions' : '/sessions' });
    if (value === 'away') void navigate({ to: '/w/away' });
    if (value === 'face') void navigate(face === 'work' ? { to: '/', search: {} } : { to: '/w' });
    if (value === 'out') void signOut();
  };
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      menu={{ items, onClick }}
      autoFocus
      getPopupContainer={(node) => node.parentElement ?? document.body}
    >
      <button type="button" className={css.account} aria-haspopup="menu">
        <span className="visually-hidden">{t('account')}</span>
        <Avatar name={me.label} large />
        <span className={css.accountName}>{me.label}</span>
        <DownIcon style={{ fontSize: 10 }} />
      </button>
    </Dropdown>
  );
}
