// Runs in browser and Node: pure. Which unit reported what by when (the notice's deadlines, in the site's settings).
import type { EntryData } from './collections/collections.ts';

type Deadline = EntryData<'site'>['reporting'][number];

/** A report that every unit must submit: `id` as entries name it (`2021-04`), `deadline` the last day, YYYY-MM-DD. */
export interface Period {
  id: string;
  kind: Deadline['kind'];
  deadline: string;
}

/** A submission of a unit for a period. `day` is when it was first sent to review, YYYY-MM-DD in China. */
export interface Submission {
  unit: string;
  period: string;
  day: string;
}

/** State of a unit's report for a period. `due`: nothing was submitted, and the deadline is not over. */
export type ReportState = 'onTime' | 'late' | 'missing' | 'due';

export const reportStateWords: Readonly<Record<ReportState, string>> = {
  onTime: '按时',
  late: '迟报',
  missing: '未报',
  due: '待报',
};

/** A unit's row in the table: one report for each period, in the order of the periods. */
export interface ReportRow {
  unit: string;
  reports: Report[];
}

export interface Report {
  state: ReportState;
  /** Day of the first submission; undefined if there is none. */
  day: string | undefined;
  /** Number of submissions. */
  count: number;
}

const two = (number: number): string => String(number).padStart(2, '0');

/** Returns the periods of a year, earliest first. */
export function periodsOf(year: number, reporting: readonly Deadline[]): Period[] {
  const periods = reporting.map(({ month, day, kind }) => {
    const id = `${year}-${two(month)}`;
    return { id, kind, deadline: `${id}-${two(day)}` };
  });
  return periods.sort((one, other) => (one.deadline < other.deadline ? -1 : 1));
}

/** Returns the period with the next deadline, which may be today; undefined if the settings have none. */
export function nextPeriod(today: string, reporting: readonly Deadline[]): Period | undefined {
  const year = Number(today.slice(0, 4));
  return [...periodsOf(year, reporting), ...periodsOf(year + 1, reporting)].find(({ deadline }) => deadline >= today);
}

/** Returns the state of a unit's report for a period on a day. */
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

/** Returns the table of reports: a row for each unit, a report for each period. */
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
