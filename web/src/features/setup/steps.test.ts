import { expect, it } from 'vitest';
import { after, nextStep, type Progress, steps } from './steps';

it('goes on where it was left, and comes back to nothing that was put off', () => {
  let progress: Progress = { state: 'open' };
  expect(nextStep(progress)).toBe('organisation');
  progress = after(progress, 'organisation', 'later');
  progress = after(progress, 'administrator', 'done');
  expect(nextStep(progress)).toBe('terminology');
  progress = after(progress, 'organisation', 'done');
  expect(progress.later).toEqual([]);
  for (const step of steps) progress = after(progress, step, 'done');
  expect(nextStep(progress)).toBeUndefined();
  expect(progress.done).toHaveLength(steps.length);
});
