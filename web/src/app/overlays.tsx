import { lazy, Suspense, useEffect } from 'react';
import { useOverlay } from '../shared/lib/overlays';

const palette = () => import('../features/palette/palette');
const keys = () => import('../features/palette/keys-help');
const log = () => import('../features/quick-log/quick-log');
const Palette = lazy(() => palette().then((it) => ({ default: it.Palette })));
const KeysHelp = lazy(() => keys().then((it) => ({ default: it.KeysHelp })));
const QuickLog = lazy(() => log().then((it) => ({ default: it.QuickLog })));

/** Layers over the page, fetched once the page itself is there, so that they open without a wait. */
export function Overlays() {
  const open = useOverlay();
  useEffect(() => {
    const timer = setTimeout(() => void Promise.all([palette(), log(), keys()]).catch(() => {}), 1500);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Suspense fallback={null}>
      {open === 'palette' && <Palette />}
      {open === 'keys' && <KeysHelp />}
      {open === 'log' && <QuickLog />}
    </Suspense>
  );
}
