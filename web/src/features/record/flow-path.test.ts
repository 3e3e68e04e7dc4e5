import { describe, expect, it } from 'vitest';
import type { Flow } from '../../api/types';
import { drawingOf, namesOf, stepsOf } from './flow-path';

const ref = (label: string) => ({ id: label, key: label, label });
const step = (id: string, from: string, to: string | null, by?: string, outcome?: string) => ({
  id,
  entered_at: `2026-01-01T${from}:00Z`,
  left_at: to && `2026-01-01T${to}:00Z`,
  by: by ? ref(by) : null,
  outcome: outcome ?? null,
});
const flow: Flow = {
  xml: '',
  labels: { L1: 'First line', L2: 'Experts', R: 'Decide' },
  status: 'running',
  tokens: [
    {
      element: 'L1',
      activity: 7,
      label: 'First line',
      team: ref('Desk'),
      assignee: ref('Wang'),
      since: '2026-01-01T12:00:00Z',
    },
  ],
  path: {
    elements: [
      step('L2', '09:00', '12:00', 'Li', 'resolve'),
      step('L1', '08:00', '09:00', 'Wang', 'escalate'),
      step('R', '09:00', '09:00'),
      step('G', '09:00', '09:00'),
      step('L1', '12:00', null),
    ],
    edges: ['e1', 'e2', 'e1'],
  },
};
const names = namesOf(flow, {
  outcomes: [{ key: 'escalate', label: 'Escalate' }],
});

describe('the path taken', () => {
  it('takes names from the drawing and from the pack, line breaks as spaces', () => {
    expect(names).toEqual({ L1: 'First line', L2: 'Experts', R: 'Decide', escalate: 'Escalate' });
  });
  it('lists the steps people took in the order they were entered, each visit of its own', () => {
    expect(stepsOf(flow, names).map((it) => [it.name, it.who, it.outcome, it.current])).toEqual([
      ['First line', 'Wang', 'Escalate', false],
      ['Experts', 'Li', 'resolve', false],
      ['First line', 'Wang', undefined, true],
    ]);
  });
  it('draws a step that is current again as current, not as passed', () => {
    expect(drawingOf(flow)).toEqual({ passed: ['L2', 'R', 'G'], edges: ['e1', 'e2'], current: ['L1'] });
  });
  it('marks nothing as current once the flow has ended', () => {
    const ended = { ...flow, tokens: [] };
    expect(drawingOf(ended).current).toEqual([]);
    expect(stepsOf(ended, names).some((it) => it.current)).toBe(false);
  });
});
