// Runs in browser and Node: pure. What is reported by when (the notice's deadlines, in the site's settings).
import type { EntryData } from './collections/collections.ts';

type Deadline = EntryData<'site'>['reporting'][number];

/** Something that every unit reports: `id` as entries name it (`2021-04`), `deadline` the last day, YYYY-MM-DD. */
export interface Period {
  id: string;
  kind: Deadline['kind'];
  deadline: string;
}

/** A submission of a unit for a period; `day`: that on which it first went to review, YYYY-MM-DD in China. */
export interface Submission {
  unit: string;
  period: string;
  day: string;
}

/** How a unit stands in a period; `due`: nothing came, and the deadline is not over. */
export type ReportState = 'onTime' | 'late' | 'missing' | 'due';

export const reportStateWords: Readonly<Record<ReportState, string>> = {
  onTime: '按时',
  late: '迟报',
  missing: '未报',
  due: '待报',
};

/** A unit's line in the table: one report for each period, in their order. */
export interface ReportRow {
  unit: string;
  reports: Report[];
}

export interface Report {
  state: ReportState;
  /** When the first submission came; undefined: none came. */
  day: string | undefined;
  /** How many came. */
  count: number;
}

const two = (number: number): string => String(number).padStart(2, '0');

/** The periods of a year, earliest first. */
export function periodsOf(year: number, reporting: readonly Deadline[]): Period[] {
  const periods = reporting.map(({ month, day, kind }) => {
    const id = `${year}-${two(month)}`;
    return { id, kind, deadline: `${id}-${two(day)}` };
  });
  return periods.sort((one, other) => (one.deadline < other.deadline ? -1 : 1));
}

/** The period whose deadline comes next, that of today included; undefined: none is set. */
export function nextPeriod(today: string, reporting: readonly Deadline[]): Period | undefined {
  const year = Number(today.slice(0, 4));
  return [...periodsOf(year, reporting), ...periodsOf(year + 1, reporting)].find(({ deadline }) => deadline >= today);
}

/** How a unit stands in a period on a day. */
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

/** The table of some units by some periods. */
export function reportTable(
  units: readonly string[],
  periods: readonly Period[],
  submissions: readonly Submission[],
  today: string,
): ReportRow[] {
  return units.map((unit) => ({
    unit,
    reports: periods.map((period) => reportOf(unit, period, submissions, today)),
  }));
}
