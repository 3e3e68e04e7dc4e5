import { lazy, Suspense, useEffect } from 'react';
import { useOverlay } from '../shared/lib/overlays';

const palette = () => import('../features/palette/palette');
const keys = () => import('../features/palette/keys-help');
const log = () => import('../features/quick-log/quick-log');
const help = () => import('../features/help/help-drawer');
const tour = () => import('../features/tour/tour');
const Palette = lazy(() => palette().then((it) => ({ default: it.Palette })));
const KeysHelp = lazy(() => keys().then((it) => ({ default: it.KeysHelp })));
const QuickLog = lazy(() => log().then((it) => ({ default: it.QuickLog })));
const HelpDrawer = lazy(() => help().then((it) => ({ default: it.HelpDrawer })));
const Tour = lazy(() => tour().then((it) => ({ default: it.Tour })));

/** Layers over the page, fetched once the page itself is there, so that they open without a wait. */
export function Overlays({ face }: { face: 'portal' | 'work' }) {
  const open = useOverlay();
  useEffect(() => {
    const wanted = face === 'work' ? [palette, log, keys, help] : [help];
    const timer = setTimeout(() => void Promise.all(wanted.map((it) => it())).catch(() => {}), 1500);
    return () => clearTimeout(timer);
  }, [face]);
  return (
    <Suspense fallback={null}>
      {open === 'palette' && <Palette />}
      {open === 'keys' && <KeysHelp />}
      {open === 'log' && <QuickLog />}
      {open === 'help' && <HelpDrawer face={face} />}
      {open === 'tour' && <Tour face={face} />}
    </Suspense>
  );
}
