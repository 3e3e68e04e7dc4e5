// The path a record has taken, read out of the flow's answer: what to draw bold, what to list.
import type { Flow, Pack } from '../../api/types';

export type Names = Record<string, string>;

/** Names by id: what the drawing says, and over it what the pack calls its steps and outcomes in this language. */
export function namesOf(xml: string, pack?: Pick<Pack, 'activities' | 'outcomes'>): Names {
  const tree = new DOMParser().parseFromString(xml, 'application/xml');
  const names: Names = {};
  for (const element of tree.querySelectorAll('[id][name]')) {
    names[element.getAttribute('id') ?? ''] = (element.getAttribute('name') ?? '').replace(/\s+/g, ' ');
  }
  for (const it of pack?.outcomes ?? []) names[it.key] ??= it.label;
  for (const it of pack?.activities ?? []) names[it.key] = it.label;
  return names;
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
