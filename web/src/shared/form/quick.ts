const minute = 60_000;

/** Moments ahead that are chosen with one press: in an hour, this afternoon while it lasts, tomorrow morning. */
export function quickTimes(now: number): { key: string; at: number }[] {
  const today = new Date(now);
  const on = (days: number, hour: number) =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() + days, hour).getTime();
  const hour = Math.ceil((now + 60 * minute) / minute) * minute;
  return [
    { key: 'hour', at: hour },
    { key: 'today', at: on(0, 17) },
    { key: 'tomorrow', at: on(1, 9) },
  ].filter((it) => it.at > now);
}
