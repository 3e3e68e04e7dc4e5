import { MinusIcon, PlusIcon } from '../../shared/ui/icons';
import 'bpmn-js/dist/assets/diagram-js.css';
import { Button } from 'antd';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Flow } from '../../api/types';
import { isDark, usePreferences } from '../../shared/lib/preferences';
import { duration, exactTime, shortTime } from '../../shared/lib/time';
import { useNow } from '../../shared/lib/use-now';
import css from './flow.module.css';
import { drawingOf, type Names, stepsOf } from './flow-path';

interface Canvas {
  zoom(level: 'fit-viewport' | number, center?: 'auto'): number;
  zoom(): number;
  addMarker(element: string, marker: string): void;
  viewbox(box?: object): { outer: { width: number; height: number } };
}
interface Overlays {
  add(element: string, note: { position: object; html: HTMLElement }): void;
}
interface EventBus {
  on(name: string, listener: (event: { element: { id: string }; originalEvent: MouseEvent }) => void): void;
}
interface Shape {
  di: { set(name: string, value: string): void };
  businessObject: { name?: string };
  labels: Shape[];
  type: string;
  /** Of arrows only. */
  waypoints?: unknown[];
  x: number;
  y: number;
  width: number;
  height: number;
}
interface Registry {
  get(id: string): Shape | undefined;
  getGraphics(id: string | Shape): SVGElement;
  getAll(): (Shape & { id: string })[];
}
interface Factory {
  update(kind: 'connection' | 'shape', element: Shape, graphics: SVGElement): void;
}

const colours = (dark: boolean) =>
  dark
    ? { defaultFillColor: '#1d232b', defaultStrokeColor: '#8b96a5', defaultLabelColor: '#e6eaef' }
    : { defaultFillColor: '#ffffff', defaultStrokeColor: '#79828f', defaultLabelColor: '#1c2430' };

const readable = 0.75;
const labelWidth = 90;
const accent = (dark: boolean) => (dark ? '#45c4b7' : '#0b7a75');

/** The flow as drawn by its author, with the path taken in bold and a mark where the record stands. */
export function FlowDiagram({ flow, names }: { flow: Flow; names: Names }) {
  const { t, i18n } = useTranslation('record');
  const now = useNow();
  const dark = isDark(usePreferences());
  const holder = useRef<HTMLElement>(null);
  const viewer = useRef<NavigatedViewer>(null);
  const [hint, setHint] = useState<{ x: number; y: number; lines: string[] }>();
  const explain = useRef<(id: string) => string[]>(() => []);
  explain.current = (id) => {
    const found = stepsOf(flow, names).filter((it) => it.id === id);
    const lines = found.map((it) => {
      const time = it.enteredAt ? exactTime(it.enteredAt, i18n.language) : '';
      return [it.who, time, it.outcome].filter(Boolean).join(' · ');
    });
    return lines.length > 0 ? [names[id] ?? id, ...lines] : [];
  };
  const naming = useRef(names);
  naming.current = names;
  const words = useRef<(token: Flow['tokens'][number]) => string>(() => '');
  words.current = (token) => {
    const who = token.assignee?.label ?? token.team?.label ?? '';
    return [who, duration(now - Date.parse(token.since), t)].filter(Boolean).join(' · ');
  };

  const fit = useCallback(() => {
    const canvas = viewer.current?.get<Canvas>('canvas');
    if (!canvas) return;
    // A little smaller than what just fits, so that labels at the edge are whole.
    const level = Math.min(1.1, canvas.zoom('fit-viewport', 'auto') * 0.95);
    canvas.zoom(level, 'auto');
    return level;
  }, []);

  const fitNow = useRef(fit);
  useEffect(() => {
    const container = holder.current;
    if (!container) return;
    const made = new NavigatedViewer({ container, bpmnRenderer: colours(dark) } as ConstructorParameters<
      typeof NavigatedViewer
    >[0]);
    viewer.current = made;
    let ended = false;
    const draw = async () => {
      await made.importXML(flow.xml);
      if (ended) return;
      const canvas = made.get<Canvas>('canvas');
      const registry = made.get<Registry>('elementRegistry');
      const mark = (id: string, name: string | undefined) =>
        name && registry.get(id) && canvas.addMarker(id, name);
      const factory = made.get<Factory>('graphicsFactory');
      // The drawing names its steps in one language; the page speaks the person's.
      for (const shape of registry.getAll()) {
        const name = naming.current[shape.id];
        if (!name || !shape.businessObject?.name || shape.type === 'label') continue;
        if (shape.businessObject.name.replace(/\s+/g, ' ') === name) continue;
        shape.businessObject.name = name;
        const kind = shape.waypoints ? 'connection' : 'shape';
        factory.update(kind, shape, registry.getGraphics(shape));
        for (const it of shape.labels) {
          // The author made room for the words of one language only.
          const more = Math.max(0, labelWidth - it.width);
          const beside = it.x >= shape.x + shape.width;
          if (!beside) it.x -= more / 2;
          it.width += more;
          factory.update('shape', it, registry.getGraphics(it));
        }
      }
      const drawing = drawingOf(flow);
      for (const id of drawing.passed) mark(id, css.passed);
      for (const id of drawing.edges) {
        const edge = registry.get(id);
        if (!edge) continue;
        // The arrowhead takes its colour from the drawing, not from a style.
        edge.di.set('bioc:stroke', accent(dark));
        factory.update('connection', edge, registry.getGraphics(id));
        mark(id, css.taken);
      }
      for (const id of drawing.current) mark(id, css.current);
      for (const token of flow.tokens) {
        if (!registry.get(token.element)) continue;
        const html = document.createElement('div');
        html.className = css.token ?? '';
        html.textContent = words.current(token);
        made.get<Overlays>('overlays').add(token.element, { position: { bottom: 8, left: 6 }, html });
      }
      const level = fitNow.current() ?? 1;
      // A large drawing opens where the record stands, large enough to read.
      const here = registry.get(drawing.current[0] ?? '');
      if (here && level < readable) {
        const { outer } = canvas.viewbox();
        const size = { width: outer.width / readable, height: outer.height / readable };
        const centre = { x: here.x + here.width / 2, y: here.y + here.height / 2 };
        canvas.viewbox({ x: centre.x - size.width / 2, y: centre.y - size.height / 2, ...size });
      }
    };
    made.get<EventBus>('eventBus').on('element.hover', ({ element, originalEvent }) => {
      const lines = explain.current(element.id);
      const frame = container.getBoundingClientRect();
      setHint(
        lines.length > 0
          ? { x: originalEvent.clientX - frame.left, y: originalEvent.clientY - frame.top, lines }
          : undefined,
      );
    });
    made.get<EventBus>('eventBus').on('element.out', () => setHint(undefined));
    draw().catch((error: unknown) => console.error(error));
    return () => {
      ended = true;
      viewer.current = null;
      made.destroy();
    };
  }, [flow, dark]);

  const zoom = (factor: number) => {
    const canvas = viewer.current?.get<Canvas>('canvas');
    if (canvas) canvas.zoom(Math.min(3, Math.max(0.2, canvas.zoom() * factor)), 'auto');
  };
  return (
    <div className={`card ${css.frame}`}>
      <div className={css.tools}>
        <span className={css.legend}>
          <i className={css.legendTaken} aria-hidden="true" /> {t('flow_legend_done')}
          <i className={css.legendNow} aria-hidden="true" /> {t('flow_legend_now')}
        </span>
        <span className={css.status}>
          {flow.tokens.length === 0
            ? t('flow_ended')
            : flow.tokens
                .map((it) => `${it.label}: ${t('flow_since', { time: shortTime(it.since, now, t) })}`)
                .join(' · ')}
        </span>
        <span className={css.zoom}>
          <Button
            size="small"
            icon={<MinusIcon />}
            aria-label={t('flow_zoom_out')}
            onClick={() => zoom(0.8)}
          />
          <Button
            size="small"
            icon={<PlusIcon />}
            aria-label={t('flow_zoom_in')}
            onClick={() => zoom(1.25)}
          />
          <Button size="small" onClick={fit}>
            {t('flow_fit')}
          </Button>
        </span>
      </div>
      <section ref={holder} className={css.canvas} aria-label={t('flow_diagram')} />
      {hint && (
        <div className={css.hint} style={{ left: hint.x + 14, top: hint.y + 50 }}>
          {hint.lines.map((line, index) =>
            index === 0 ? <strong key={line}>{line}</strong> : <div key={line}>{line}</div>,
          )}
        </div>
      )}
    </div>
  );
}
