import { chineseDate } from '../../text/date.ts';

/** How far China's time is ahead of UTC, in milliseconds: eight hours, in the whole country and all year. */
const AHEAD_MILLISECONDS = 8 * 3_600_000;

/**
 * Returns the date in China at a moment, as YYYY-MM-DD.
 * @param moment ISO 8601, or milliseconds since 1970.
 */
export function dateInChina(moment: string | number): string {
  return new Date(new Date(moment).getTime() + AHEAD_MILLISECONDS).toISOString().slice(0, 10);
}

/**
 * Returns a moment (ISO 8601) in China's time: 2026-12-01T00:20:05+08:00. As texts, such moments sort among one another
 * and among dates in China. A text that is no moment is returned unchanged.
 */
export function momentInChina(moment: string): string {
  const time = Date.parse(moment);
  if (Number.isNaN(time)) return moment;
  return new Date(time + AHEAD_MILLISECONDS).toISOString().replace(/\.\d+Z$/u, '+08:00');
}

/** Returns a moment (ISO 8601) in UTC, with milliseconds. A text that is no moment is returned unchanged. */
export function momentInUtc(moment: string): string {
  const time = Date.parse(moment);
  return Number.isNaN(time) ? moment : new Date(time).toISOString();
}

/** Returns today's date in China as YYYY-MM-DD. */
export function todayInChina(): string {
  return dateInChina(Date.now());
}

/** Formats a moment (ISO 8601) in Chinese for China's time zone: month, day, hour and minute, without the year. */
export function timeInChina(iso: string): string {
  return new Intl.DateTimeFormat('zh-CN', {
    timeZone: 'Asia/Shanghai',
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(iso));
}

/** Returns the hour of the day in China at a moment, 0 to 23. */
export function hourInChina(now: Date): number {
  return new Date(now.getTime() + AHEAD_MILLISECONDS).getUTCHours();
}

const hourAndMinute = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  hour: '2-digit',
  minute: '2-digit',
});

/** Formats the time of day in China of a moment (ISO 8601): 22:51. */
export function timeOfDayInChina(iso: string): string {
  return hourAndMinute.format(new Date(iso));
}

/** Formats a moment (ISO 8601) in Chinese for China's time zone, with the year: 2026年11月26日 22:51. */
export function dateAndTimeInChina(iso: string): string {
  return `${chineseDate(dateInChina(iso))} ${timeOfDayInChina(iso)}`;
}
