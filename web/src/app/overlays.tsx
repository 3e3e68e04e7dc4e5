import { lazy, Suspense } from 'react';
import { useOverlay } from '../shared/lib/overlays';

const Palette = lazy(() => import('../features/palette/palette').then((it) => ({ default: it.Palette })));
const KeysHelp = lazy(() => import('../features/palette/keys-help').then((it) => ({ default: it.KeysHelp })));
const QuickLog = lazy(() =>
  import('../features/quick-log/quick-log').then((it) => ({ default: it.QuickLog })),
);

/** Layers over the page, loaded when first opened. */
export function Overlays() {
  const open = useOverlay();
  return (
    <Suspense fallback={null}>
      {open === 'palette' && <Palette />}
      {open === 'keys' && <KeysHelp />}
      {open === 'log' && <QuickLog />}
    </Suspense>
  );
}
