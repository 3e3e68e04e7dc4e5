import { useSuspenseQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { showOverlay, useOverlay } from '../shared/lib/overlays';
import { preferences } from '../shared/lib/preferences';
import { meQuery } from '../shared/lib/queries';
import { tourOf } from '../shared/lib/tours';

/** How long the page may settle before somebody is shown around. */
const settled = 900;

/** Shows newcomers around, once, where they arrive. What was broken off goes on from the help. */
export function useFirstTour(face: 'portal' | 'work') {
  const { data: me } = useSuspenseQuery(meQuery);
  const { pathname } = useLocation();
  const overlay = useOverlay();
  const arrived = pathname.replace(/(.)\/$/, '$1') === (face === 'work' ? '/w' : '/');
  const name = tourOf(face, me);
  useEffect(() => {
    if (!arrived || overlay !== null || preferences.get().tours[name] !== undefined) return;
    const timer = setTimeout(() => showOverlay('tour'), settled);
    return () => clearTimeout(timer);
  }, [arrived, overlay, name]);
}
