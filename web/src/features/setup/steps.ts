// The steps of the guided first run, in order; the server knows the same words.
export const steps = [
  'organisation',
  'administrator',
  'terminology',
  'priority_scheme',
  'working_hours',
  'sites',
  'people',
  'teams',
  'services',
  'categories',
  'sample',
] as const;
export type Step = (typeof steps)[number];
export const isStep = (word: string | undefined): word is Step => steps.some((it) => it === word);

/** How far the first run is. */
export interface Progress {
  state: 'open' | 'finished' | 'dismissed';
  done?: string[];
  later?: string[];
}

/** The first step that was neither done nor put off; none when all were. */
export const nextStep = (progress: Progress): Step | undefined =>
  steps.find((it) => !progress.done?.includes(it) && !progress.later?.includes(it));

/** The progress once a step is done, or put off. */
export function after(progress: Progress, step: Step, how: 'done' | 'later'): Progress {
  const without = (list: string[] | undefined) => (list ?? []).filter((it) => it !== step);
  const next = { ...progress, done: without(progress.done), later: without(progress.later) };
  return { ...next, [how]: [...next[how], step] };
}
