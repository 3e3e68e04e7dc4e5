import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ConfigProvider } from 'antd';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../api/error';
import { isDark, usePreferences } from '../shared/lib/preferences';
import { DownIcon } from '../shared/ui/icons';
import { Toasts } from '../shared/ui/toast';
import { antdLocale } from './i18n/setup';
import { themeFor } from './theme';

export const queryClient = new QueryClient({
  queryCache: new QueryCache(),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 2 && !isStatus(error, 400, 401, 403, 404, 409, 422),
    },
    mutations: { retry: false },
  },
});

// By themselves antd's icons say their English names aloud.
const selectIcons = { suffixIcon: <DownIcon /> };

export function Providers({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  const seen = usePreferences();
  const dark = isDark(seen);
  const theme = useMemo(() => themeFor(dark, seen.density === 'comfortable'), [dark, seen.density]);
  return (
    <QueryClientProvider client={queryClient}>
      <ConfigProvider
        theme={theme}
        locale={antdLocale(i18n.language)}
        wave={{ disabled: true }}
        button={{ autoInsertSpace: false }}
        select={selectIcons}
      >
        {children}
        <Toasts />
      </ConfigProvider>
    </QueryClientProvider>
  );
}
