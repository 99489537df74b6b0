// Runs in browser and Node: pure. Finds out which unit submitted which report in time. The deadlines are those of the
// notice, in the site's settings.
import type { EntryData } from './collections/collections.ts';
import { reportKinds } from './collections/site.ts';

type Deadline = EntryData<'site'>['reporting'][number];

/**
 * A period of the year for which every unit must submit a report. `id` is year and month, as entries name the period
 * (`2021-04`). `deadline` is the last day on time, YYYY-MM-DD.
 */
export interface Period {
  id: string;
  kind: Deadline['kind'];
  deadline: string;
}

/**
 * An entry that a unit submitted for a period. `day` is the date in China on which the entry was first sent to review,
 * YYYY-MM-DD.
 */
export interface Submission {
  unit: string;
  period: string;
  day: string;
}

/**
 * The state of a unit's report for a period. `due`: nothing was submitted, and the deadline has not passed yet.
 * `missing`: nothing was submitted, and the deadline has passed.
 */
export type ReportState = 'onTime' | 'late' | 'missing' | 'due';

export const reportStateWords: Readonly<Record<ReportState, string>> = {
  onTime: '按时',
  late: '迟报',
  missing: '未报',
  due: '待报',
};

/** The row of a unit in the table of reports: one report for each period, in the order of the periods. */
export interface ReportRow {
  unit: string;
  reports: Report[];
}

export interface Report {
  state: ReportState;
  /** Date of the first submission, YYYY-MM-DD; undefined if there is none. */
  day: string | undefined;
  /** Number of entries that the unit submitted for the period. */
  count: number;
}

const two = (number: number): string => String(number).padStart(2, '0');

/** Returns the periods of a year, the earliest deadline first. */
export function periodsOf(year: number, reporting: readonly Deadline[]): Period[] {
  const periods = reporting.map(({ month, day, kind }) => {
    const id = `${year}-${two(month)}`;
    return { id, kind, deadline: `${id}-${two(day)}` };
  });
  return periods.sort((one, other) => (one.deadline < other.deadline ? -1 : 1));
}

/**
 * Returns the period with the next deadline on or after `today` (YYYY-MM-DD); undefined if the settings have no
 * deadlines.
 */
export function nextPeriod(today: string, reporting: readonly Deadline[]): Period | undefined {
  const year = Number(today.slice(0, 4));
  return [...periodsOf(year, reporting), ...periodsOf(year + 1, reporting)].find(({ deadline }) => deadline >= today);
}

/** How many years before the next deadline the form still offers: old files are entered too. */
const YEARS_OFFERED = 6;

/** Returns a period in words, such as “2021 年 4 月典型材料，4 月 15 日截止”. */
export function periodWords({ id, kind, deadline }: Period): string {
  const [year, month] = id.split('-').map(Number);
  const [, , day] = deadline.split('-').map(Number);
  return `${year} 年 ${month} 月${reportKinds[kind]}，${month} 月 ${day} 日截止`;
}

/**
 * Returns the periods that the form offers for stories and examples on the day `today` (YYYY-MM-DD): those for
 * materials, the next deadline first, then the earlier ones.
 */
export function offeredPeriods(today: string, reporting: readonly Deadline[]): Period[] {
  const materials = reporting.filter(({ kind }) => kind === 'materials');
  const next = nextPeriod(today, materials);
  if (next === undefined) return [];
  const year = Number(next.id.slice(0, 4));
  return Array.from({ length: YEARS_OFFERED }, (_, back) => periodsOf(year - back, materials).reverse())
    .flat()
    .filter(({ deadline }) => deadline <= next.deadline);
}

/**
 * Returns the words for the id of a period in an entry. An id that the deadlines no longer contain stays valid: then
 * only year and month are known.
 */
export function periodName(id: string, reporting: readonly Deadline[]): string {
  const [year = 0, month = 0] = id.split('-').map(Number);
  const known = periodsOf(year, reporting).find((period) => period.id === id);
  return known ? periodWords(known) : `${year} 年 ${month} 月`;
}

/** Returns the report of a unit for a period, as it is on the day `today` (YYYY-MM-DD). */
export function reportOf(
  unit: string,
  { id, deadline }: Period,
  submissions: readonly Submission[],
  today: string,
): Report {
  const days = submissions.filter((one) => one.unit === unit && one.period === id).map(({ day }) => day);
  const [day] = days.sort();
  if (day !== undefined) return { state: day <= deadline ? 'onTime' : 'late', day, count: days.length };
  return { state: today <= deadline ? 'due' : 'missing', day: undefined, count: 0 };
}

/**
 * Returns the table of reports as it is on the day `today` (YYYY-MM-DD): one row for each unit, and in it one report
 * for each period.
 */
export function reportTable(
  units: readonly string[],
  periods: readonly Period[],
  submissions: readonly Submission[],
  today: string,
): ReportRow[] {
  const byUnit = new Map(units.map((unit) => [unit, new Array<Submission>()]));
  for (const one of submissions) byUnit.get(one.unit)?.push(one);
  return units.map((unit) => ({
    unit,
    reports: periods.map((period) => reportOf(unit, period, byUnit.get(unit) ?? [], today)),
  }));
}
