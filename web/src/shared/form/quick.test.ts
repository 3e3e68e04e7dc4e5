import { expect, it } from 'vitest';
import { quickTimes } from './quick';

const at = (hour: number, minutes = 0) => new Date(2026, 2, 2, hour, minutes, 30).getTime();
const shown = (now: number) => quickTimes(now).map((it) => [it.key, new Date(it.at).toString().slice(4, 21)]);

it('offers an hour from now, this afternoon and tomorrow morning', () => {
  expect(shown(at(10, 20))).toEqual([
    ['hour', 'Mar 02 2026 11:21'],
    ['today', 'Mar 02 2026 17:00'],
    ['tomorrow', 'Mar 03 2026 09:00'],
  ]);
});
it('does not offer what is over', () => {
  expect(quickTimes(at(17, 5)).map((it) => it.key)).toEqual(['hour', 'tomorrow']);
});
