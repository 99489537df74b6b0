// Runs in browser and Node: pure.
import { isDate } from '../../text/date.ts';

const DIGITS = '〇一二三四五六七八九';

/** Converts other forms of digits: full-width ones, and circles and 零 for 〇. */
function usualDigits(text: string): string {
  return text
    .replace(/[０-９]/gu, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[○ＯO零]/gu, '〇');
}

/** Returns the number of Arabic or Chinese digits: 十九, 二〇二一. */
function numberOf(text: string): number {
  if (/^\d+$/u.test(text)) return Number(text);
  const valueOf = (digits: string): number =>
    Number(Array.from(digits, (digit) => String(DIGITS.indexOf(digit))).join(''));
  if (!text.includes('十')) return valueOf(text);
  const [tens = '', ones = ''] = text.split('十');
  return 10 * (tens === '' ? 1 : valueOf(tens)) + (ones === '' ? 0 : valueOf(ones));
}

const YEAR = '(\\d{4}|[〇一二三四五六七八九]{4})';
const SMALL = '(\\d{1,2}|[一二三四五六七八九十]{1,3})';
const FULL = new RegExp(`${YEAR}\\s*[年./-]\\s*${SMALL}\\s*[月./-]\\s*${SMALL}`, 'u');
const DAY = new RegExp(`(?:^|[^\\d一二三四五六七八九十年\\s])\\s*${SMALL}\\s*月\\s*${SMALL}\\s*日`, 'u');
const DATE_ALONE = new RegExp(`^${YEAR}[年./-]${SMALL}(?:[月./-](?:${SMALL}日?)?)?$`, 'u');

function dateOf(year: number, month: number, day: number): string | undefined {
  const date = [year, month, day].map((part) => String(part).padStart(2, '0')).join('-');
  return year > 1990 && year < 2100 && isDate(date) ? date : undefined;
}

/** Returns the first date with a year in a text, as YYYY-MM-DD: 2021年3月19日, 2021.3.19, 二〇二一年三月十九日. */
export function fullDateIn(text: string): string | undefined {
  const [, year, month, day] = FULL.exec(usualDigits(text)) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  return dateOf(numberOf(year), numberOf(month), numberOf(day));
}

/** Returns the first day without a year in a text, such as 3月15日, in `year`. */
export function dayIn(text: string, year: string): string | undefined {
  const [, month, day] = DAY.exec(usualDigits(text)) ?? [];
  return month === undefined || day === undefined ? undefined : dateOf(Number(year), numberOf(month), numberOf(day));
}

/** Returns the year of a line that consists of a date, perhaps without the day; undefined for other lines. */
export function yearOfDateLine(line: string): string | undefined {
  const [, year] = DATE_ALONE.exec(usualDigits(line.replace(/\s+/gu, ''))) ?? [];
  return year === undefined ? undefined : String(numberOf(year));
}

/** Returns whether a text is nothing but a date with year, month and day. */
export function isDateAlone(text: string): boolean {
  return yearOfDateLine(text) !== undefined && fullDateIn(text) !== undefined;
}

/** Returns the first year of a date with year, month and day in a text, as four digits. */
export function yearIn(text: string): string | undefined {
  return fullDateIn(text)?.slice(0, 4);
}
