import { useSuspenseQuery } from '@tanstack/react-query';
import { Tour as AntTour, Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { showOverlay } from '../../shared/lib/overlays';
import { preferences } from '../../shared/lib/preferences';
import { meQuery } from '../../shared/lib/queries';
import { stopsOf, type TourName, tourOf, tours } from '../../shared/lib/tours';

/** The stop as it is seen: there may be another one in a rail that a phone does not show. */
const target = (stop: string) =>
  [...document.querySelectorAll<HTMLElement>(`[data-tour="${stop}"]`)].find(
    (it) => it.getClientRects().length > 0,
  );

/** A few stops for newcomers. It can be broken off, and goes on there from the help. */
export function Tour({ face }: { face: 'portal' | 'work' }) {
  const { t } = useTranslation('tour');
  const { data: me } = useSuspenseQuery(meQuery);
  const name = tourOf(face, me);
  const [holder, setHolder] = useState<HTMLDivElement | null>(null);
  const [stops, setStops] = useState<string[]>();
  // What is not to be seen is no stop: a phone has no rail. The rail has unfolded by the time this is drawn.
  useEffect(() => setStops(stopsOf(name, me).filter(target)), [name, me]);
  return (
    <div ref={setHolder} role="dialog" aria-modal="true" aria-label={t('title')}>
      {holder && stops && <Stops holder={holder} name={name} stops={stops} />}
    </div>
  );
}

function Stops({ holder, name, stops }: { holder: HTMLElement; name: TourName; stops: string[] }) {
  const { t } = useTranslation('tour');
  const all = tours[name];
  const [current, setCurrent] = useState(() => {
    const left = preferences.get().tours[name];
    return typeof left === 'number'
      ? Math.max(
          0,
          stops.findIndex((stop) => all.indexOf(stop) >= left),
        )
      : 0;
  });
  const end = (at: number | 'done') => {
    preferences.set({ tours: { ...preferences.get().tours, [name]: at } });
    showOverlay(null);
  };
  return (
    <AntTour
      open
      getPopupContainer={() => holder}
      current={current}
      onChange={setCurrent}
      onClose={() => end(Math.max(0, all.indexOf(stops[current] ?? '')))}
      onFinish={() => end('done')}
      steps={stops.map((stop) => ({
        title: t(`stop_${name}_${stop}`),
        description: t(`stop_${name}_${stop}_text`),
        target: () => target(stop) as HTMLElement,
        // Beside the rail there is room; on it the card would lie at the very edge.
        placement: target(stop)?.closest('[data-rail]') ? ('right' as const) : undefined,
      }))}
      actionsRender={(buttons, { current: at, total }) => (
        <>
          {at < total - 1 && (
            <Button size="small" type="text" onClick={() => end('done')}>
              {t('skip')}
            </Button>
          )}
          {buttons}
        </>
      )}
    />
  );
}
