import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { isStatus } from '../api/error';
import { adminPagesOf } from '../shared/lib/admin-pages';
import { listSearch } from '../shared/lib/list-search';
import {
  actionsQuery,
  attachmentsQuery,
  meQuery,
  packQuery,
  packsQuery,
  recordQuery,
  timelineQuery,
} from '../shared/lib/queries';
import { ErrorPage, NotFoundPage } from './error-pages';
import { queryClient } from './providers';

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet });

const text = (raw: unknown) => (typeof raw === 'string' && raw ? raw : undefined);
const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (raw: Record<string, unknown>): { next?: string } => ({ next: text(raw.next) }),
  component: lazyRouteComponent(() => import('../features/session/sign-in-page'), 'SignInPage'),
});

const signedIn = createRoute({
  getParentRoute: () => rootRoute,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    try {
      return { me: await context.queryClient.ensureQueryData(meQuery) };
    } catch (error) {
      if (!isStatus(error, 401)) throw error;
      const next = location.href === '/' ? undefined : location.href;
      throw redirect({ to: '/sign-in', search: { next } });
    }
  },
});

const portal = createRoute({
  getParentRoute: () => signedIn,
  id: 'portal',
  component: lazyRouteComponent(() => import('./portal-shell'), 'PortalShell'),
});
const home = createRoute({
  getParentRoute: () => portal,
  path: '/',
  validateSearch: (raw: Record<string, unknown>): { show?: 'closed'; q?: string } => ({
    show: raw.show === 'closed' ? 'closed' : undefined,
    q: text(raw.q),
  }),
  component: lazyRouteComponent(() => import('../features/portal/home-page'), 'HomePage'),
});
const report = createRoute({
  getParentRoute: () => portal,
  path: '/report',
  validateSearch: (raw: Record<string, unknown>): { title?: string; type?: string } => ({
    title: text(raw.title),
    type: text(raw.type),
  }),
  component: lazyRouteComponent(() => import('../features/portal/report-page'), 'ReportPage'),
});
const request = createRoute({
  getParentRoute: () => portal,
  path: '/requests/$type/$number',
  component: lazyRouteComponent(() => import('../features/portal/request-page'), 'RequestPage'),
});
const sessions = createRoute({
  getParentRoute: () => portal,
  path: '/sessions',
  component: lazyRouteComponent(() => import('../features/session/sessions-page'), 'SessionsPage'),
});
const helpPage = lazyRouteComponent(() => import('../features/help/help-page'), 'PortalHelpPage');
const helpHome = createRoute({ getParentRoute: () => portal, path: '/help', component: helpPage });
const help = createRoute({ getParentRoute: () => portal, path: '/help/$chapter', component: helpPage });

const work = createRoute({
  getParentRoute: () => signedIn,
  path: '/w',
  beforeLoad: ({ context }) => {
    if (!context.me.workspace) throw redirect({ to: '/', search: {} });
  },
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(packsQuery);
  },
  component: lazyRouteComponent(() => import('./work-shell'), 'WorkShell'),
});
const myWork = createRoute({
  getParentRoute: () => work,
  path: '/',
  component: lazyRouteComponent(() => import('../features/my-work/my-work-page'), 'MyWorkPage'),
});
const queue = createRoute({
  getParentRoute: () => work,
  path: '/queue',
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('../features/lists/queue-page'), 'QueuePage'),
});
const records = createRoute({
  getParentRoute: () => work,
  path: '/records/$type',
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('../features/lists/records-page'), 'RecordsPage'),
});
const record = createRoute({
  getParentRoute: () => work,
  path: '/records/$type/$number',
  validateSearch: (raw: Record<string, unknown>): { tab?: string; show?: string } => ({
    tab: text(raw.tab),
    show: text(raw.show),
  }),
  loader: ({ context: { queryClient }, params: { type, number }, cause }) => {
    // Only who opens a record reads it, not who passes over its link.
    if (cause !== 'enter') return;
    void queryClient.prefetchQuery(packQuery(type));
    void queryClient.prefetchQuery(recordQuery(type, number));
    void queryClient.prefetchQuery(timelineQuery(type, number));
    void queryClient.prefetchQuery(actionsQuery(type, number));
    void queryClient.prefetchQuery(attachmentsQuery(type, number));
  },
  component: lazyRouteComponent(() => import('../features/record/record-page'), 'RecordPage'),
});
const workSessions = createRoute({
  getParentRoute: () => work,
  path: '/sessions',
  component: lazyRouteComponent(() => import('../features/session/sessions-page'), 'SessionsPage'),
});
const workHelpPage = lazyRouteComponent(() => import('../features/help/help-page'), 'WorkHelpPage');
const workHelpHome = createRoute({ getParentRoute: () => work, path: '/help', component: workHelpPage });
const workHelp = createRoute({ getParentRoute: () => work, path: '/help/$chapter', component: workHelpPage });
const away = createRoute({
  getParentRoute: () => work,
  path: '/away',
  component: lazyRouteComponent(() => import('../features/session/away-page'), 'AwayPage'),
});
const setup = createRoute({
  getParentRoute: () => signedIn,
  path: '/setup',
  validateSearch: (raw: Record<string, unknown>): { step?: string } => ({ step: text(raw.step) }),
  component: lazyRouteComponent(() => import('../features/setup/setup-page'), 'SetupPage'),
});
const admin = createRoute({
  getParentRoute: () => work,
  path: '/admin',
  component: lazyRouteComponent(() => import('../features/admin/gate'), 'AdminGate'),
});
const adminHome = createRoute({
  getParentRoute: () => admin,
  path: '/',
  beforeLoad: ({ context }) => {
    const [first] = adminPagesOf(context.me);
    throw redirect({ to: first ? (`/w/admin/${first.page}` as '/w') : '/w' });
  },
});
const opened = (raw: Record<string, unknown>): { q?: string; open?: string } => ({
  q: text(raw.q),
  open: text(raw.open),
});
const adminUsers = createRoute({
  getParentRoute: () => admin,
  path: '/users',
  validateSearch: opened,
  component: lazyRouteComponent(() => import('../features/admin/users-page'), 'UsersPage'),
});
const adminEntries = createRoute({
  getParentRoute: () => admin,
  path: '/$kind',
  validateSearch: opened,
  component: lazyRouteComponent(() => import('../features/admin/entries-page'), 'EntriesPage'),
});
const adminJobs = createRoute({
  getParentRoute: () => admin,
  path: '/jobs',
  component: lazyRouteComponent(() => import('../features/admin/jobs-page'), 'JobsPage'),
});
const adminAnnouncements = createRoute({
  getParentRoute: () => admin,
  path: '/announcements',
  validateSearch: opened,
  component: lazyRouteComponent(() => import('../features/admin/announcements-page'), 'AnnouncementsPage'),
});
const adminImport = createRoute({
  getParentRoute: () => admin,
  path: '/import',
  validateSearch: (raw: Record<string, unknown>): { kind?: string } => ({ kind: text(raw.kind) }),
  component: lazyRouteComponent(() => import('../features/admin/import-page'), 'ImportPage'),
});
const adminPacks = createRoute({
  getParentRoute: () => admin,
  path: '/packs',
  component: lazyRouteComponent(() => import('../features/admin/packs-page'), 'PacksPage'),
});

const adminTable = createRoute({
  getParentRoute: () => admin,
  path: '/packs/$type/tables/$table',
  component: lazyRouteComponent(() => import('../features/tables/table-page'), 'TablePage'),
});
const adminOutbox = createRoute({
  getParentRoute: () => admin,
  path: '/outbox',
  validateSearch: (raw: Record<string, unknown>): { state?: string } => ({ state: text(raw.state) }),
  component: lazyRouteComponent(() => import('../features/admin/outbox-page'), 'OutboxPage'),
});
const adminDispatch = createRoute({
  getParentRoute: () => admin,
  path: '/dispatch',
  component: lazyRouteComponent(() => import('../features/admin/dispatch-page'), 'DispatchPage'),
});
const adminAccess = createRoute({
  getParentRoute: () => admin,
  path: '/access',
  component: lazyRouteComponent(() => import('../features/admin/access-page'), 'AccessPage'),
});
const adminAudit = createRoute({
  getParentRoute: () => admin,
  path: '/audit',
  component: lazyRouteComponent(() => import('../features/admin/audit-page'), 'AuditPage'),
});
const adminHealth = createRoute({
  getParentRoute: () => admin,
  path: '/health',
  component: lazyRouteComponent(() => import('../features/admin/health-page'), 'HealthPage'),
});
const adminSettings = createRoute({
  getParentRoute: () => admin,
  path: '/settings',
  component: lazyRouteComponent(() => import('../features/admin/settings-page'), 'SettingsPage'),
});

const routeTree = rootRoute.addChildren([
  signInRoute,
  signedIn.addChildren([
    portal.addChildren([home, report, request, sessions, helpHome, help]),
    setup,
    work.addChildren([
      myWork,
      queue,
      records,
      record,
      workSessions,
      workHelpHome,
      workHelp,
      away,
      admin.addChildren([
        adminHome,
        adminUsers,
        adminAnnouncements,
        adminImport,
        adminJobs,
        adminPacks,
        adminTable,
        adminOutbox,
        adminDispatch,
        adminAccess,
        adminAudit,
        adminHealth,
        adminSettings,
        adminEntries,
      ]),
    ]),
  ]),
]);

/** The address as plain text: every search value here is a string. */
const parseSearch = (search: string) => Object.fromEntries(new URLSearchParams(search));
function stringifySearch(search: Record<string, unknown>): string {
  const entries = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(entries.map(([key, value]) => [key, String(value)])).toString();
  return text && `?${text.replaceAll('%2C', ',').replaceAll('%2F', '/')}`;
}

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch,
  context: { queryClient },
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultErrorComponent: ErrorPage,
  defaultNotFoundComponent: NotFoundPage,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
