// Pure functions, which run in browsers and in Node. A date is always a string YYYY-MM-DD, so no time zone can shift
// it.

/** Returns whether a text is an existing day of the calendar, written YYYY-MM-DD. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** Returns the year of a date. */
export function yearOf(date: string): number {
  return Number(date.slice(0, 4));
}

/** Returns the date on which an entry was started, from the entry's id: 20210319-213000ef → 2021-03-19. */
export function dateOfId(id: string): string {
  return `${id.slice(0, 4)}-${id.slice(4, 6)}-${id.slice(6, 8)}`;
}

/** Returns a date in Chinese: 2021-03-17 → 2021年3月17日. */
export function chineseDate(date: string): string {
  return `${yearOf(date)}年${chineseMonthDay(date)}`;
}

/** Returns month and day of a date in Chinese: 2021-03-17 → 3月17日. */
export function chineseMonthDay(date: string): string {
  return `${Number(date.slice(5, 7))}月${Number(date.slice(8, 10))}日`;
}

const DIGITS = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/** Returns a year in Chinese digits, as years are read: 2021 → 二〇二一. */
export function chineseYear(year: number): string {
  return Array.from(String(year), (digit) => DIGITS[Number(digit)] ?? digit).join('');
}

/**
 * Returns the Chinese numeral of a number from 1 to 12: 一 … 十二. It is used for the seven activities and for months.
 * Returns any other number in Arabic digits.
 */
export function chineseOrdinal(n: number): string {
  if (n <= 0 || n > 12) return String(n);
  if (n < 10) return DIGITS[n] ?? String(n);
  return n === 10 ? '十' : `十${DIGITS[n - 10] ?? ''}`;
}
