// The path a record has taken, read out of the flow's answer: what to draw bold, what to list.
import type { Flow, Pack } from '../../api/types';

export type Names = Record<string, string>;

/** Names by id in the person's language: of everything in the drawing, and of the outcomes of its steps. */
export function namesOf(flow: Pick<Flow, 'labels'>, pack?: Pick<Pack, 'outcomes'>): Names {
  const outcomes = (pack?.outcomes ?? []).map((it) => [it.key, it.label]);
  return { ...Object.fromEntries(outcomes), ...flow.labels };
}

export interface FlowStep {
  key: string;
  id: string;
  name: string;
  who?: string;
  outcome?: string;
  enteredAt?: string;
  leftAt?: string;
  current: boolean;
}

/** The steps that took someone's time, in the order they were entered; what the engine does at once says nothing here. */
export function stepsOf(flow: Flow, names: Names): FlowStep[] {
  const now = new Map(flow.tokens.map((it) => [it.element, it]));
  return flow.path.elements
    .filter((it) => names[it.id] && (it.by || it.outcome || !it.left_at || it.left_at !== it.entered_at))
    .map((it, index) => {
      const token = it.left_at ? undefined : now.get(it.id);
      return {
        key: `${it.id}.${index}`,
        id: it.id,
        name: names[it.id] ?? it.id,
        who: it.by?.label ?? token?.assignee?.label ?? token?.team?.label,
        outcome: it.outcome ? (names[it.outcome] ?? it.outcome) : undefined,
        enteredAt: it.entered_at,
        leftAt: it.left_at ?? undefined,
        current: token !== undefined,
      };
    })
    .filter((it) => it.current || it.leftAt)
    .sort((a, b) => Date.parse(a.enteredAt) - Date.parse(b.enteredAt));
}

export interface Drawing {
  passed: string[];
  edges: string[];
  current: string[];
}

/** Which elements and edges to mark. An element that was passed and is current again counts as current. */
export function drawingOf(flow: Flow): Drawing {
  const current = [...new Set(flow.tokens.map((it) => it.element))];
  const here = new Set(current);
  const passed = [...new Set(flow.path.elements.map((it) => it.id))].filter((it) => !here.has(it));
  return { passed, edges: [...new Set(flow.path.edges)], current };
}
