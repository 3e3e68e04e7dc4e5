// The path a record has taken, read out of the flow's answer: what to draw bold, what to list.
import type { Flow } from '../../api/types';

/** Element and edge names by id, out of the BPMN text. */
export function namesOf(xml: string): Record<string, string> {
  const tree = new DOMParser().parseFromString(xml, 'application/xml');
  const names: Record<string, string> = {};
  for (const element of tree.querySelectorAll('[id][name]')) {
    names[element.getAttribute('id') ?? ''] = (element.getAttribute('name') ?? '').replace(/\s+/g, ' ');
  }
  return names;
}

export interface FlowStep {
  key: string;
  id: string;
  name: string;
  who?: string;
  outcome?: string;
  enteredAt: string | null;
  leftAt: string | null;
  current: boolean;
}

/** The named steps in the order they were entered; gateways without a name say nothing to a person. */
export function stepsOf(flow: Flow, names: Record<string, string>): FlowStep[] {
  const now = new Map(flow.tokens.map((it) => [it.element, it]));
  return flow.path.elements
    .filter((it) => it.entered_at && names[it.id])
    .map((it, index) => {
      const token = it.left_at ? undefined : now.get(it.id);
      return {
        key: `${it.id}.${index}`,
        id: it.id,
        name: names[it.id] ?? it.id,
        who: it.by?.label ?? token?.assignee?.label ?? token?.team?.label,
        outcome: it.outcome ? (names[it.outcome] ?? it.outcome) : undefined,
        enteredAt: it.entered_at,
        leftAt: it.left_at,
        current: token !== undefined,
      };
    })
    .sort((a, b) => Date.parse(a.enteredAt ?? '') - Date.parse(b.enteredAt ?? ''));
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
