import type { TFunction } from 'i18next';

const pad = (value: number) => String(value).padStart(2, '0');
const minute = 60_000;
const clockOf = (at: Date) => `${pad(at.getHours())}:${pad(at.getMinutes())}`;
const dayOf = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

/** Whether a number of milliseconds is a moment at all; a date knows no more than 100 million days around 1970. */
export const isInstant = (value: unknown): value is number =>
  typeof value === 'number' && Math.abs(value) <= 8.64e15;

/** Short: within an hour how long ago, today the time, this year the day and time, else the date. */
export function shortTime(value: string, now: number, t: TFunction): string {
  const at = new Date(value);
  const apart = now - at.getTime();
  // Clocks differ a little: what seems to be just ahead has just happened.
  const past = apart < 0 && apart > -2 * minute ? 0 : apart;
  if (past >= 0 && past < minute) return t('common:time.now');
  if (past >= 0 && past < 60 * minute)
    return t('common:time.minutes_ago', { count: Math.floor(past / minute) });
  if (past < 0 && past > -60 * minute)
    return t('common:time.in_minutes', { count: Math.ceil(-past / minute) });
  return dayTime(value, now, t);
}

/** The moment as the clock says it: today the time, this year the day and time, else the date. */
export function dayTime(value: string, now: number, t: TFunction): string {
  const at = new Date(value);
  const days = Math.round((dayOf(new Date(now)) - dayOf(at)) / (24 * 60 * minute));
  if (days === 0) return clockOf(at);
  if (days === 1) return t('common:time.yesterday', { time: clockOf(at) });
  const date = `${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return at.getFullYear() === new Date(now).getFullYear()
    ? `${date} ${clockOf(at)}`
    : `${at.getFullYear()}-${date}`;
}

export function exactTime(value: string, language: string, timeStyle: 'short' | 'medium' = 'medium'): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', {
    dateStyle: timeStyle === 'short' ? 'medium' : 'full',
    timeStyle,
  }).format(new Date(value));
}

/** Whether a text is a day without a time, as a form keeps it. */
export const isDay = (value: string) => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));

/** A day, which is the same in every zone. */
export const dayText = (day: string, language: string) =>
  new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', {
    dateStyle: 'medium',
    timeZone: 'UTC',
  }).format(new Date(day));

/** How long something lasted or lasts: `3 h 20 min`, the two largest units; from ten days on nobody counts the hours. */
export function duration(milliseconds: number, t: TFunction): string {
  const minutes = Math.max(0, Math.floor(milliseconds / minute));
  if (minutes < 60) return t('common:time.m', { m: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return t('common:time.hm', { h: hours, m: minutes % 60 });
  const days = Math.floor(hours / 24);
  return days < 10 ? t('common:time.dh', { d: days, h: hours % 24 }) : t('common:time.d', { d: days });
}
