import './styles/base.css';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { meQuery } from '../shared/lib/queries';
import { startI18n, tellFirstLanguage } from './i18n/setup';
import { Providers, queryClient } from './providers';
import { router } from './router';

tellFirstLanguage();
// Nothing waits for another that need not: who it is and the code of the page come while the texts do.
if (router.latestLocation.pathname !== '/sign-in') void queryClient.prefetchQuery(meQuery);
for (const { routeId } of router.matchRoutes(router.latestLocation)) {
  const route = router.routesById[routeId as keyof typeof router.routesById];
  void router.loadRouteChunk(route);
}
// On a slow line this takes seconds: the sign of `index.html` stands until there is a page to show in its place.
await Promise.all([startI18n(), router.load()]);
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <Providers>
      <RouterProvider router={router} />
    </Providers>
  </StrictMode>,
);
