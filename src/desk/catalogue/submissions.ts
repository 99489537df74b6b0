import { z } from 'zod';
import type { Period, Submission } from '../../model/reporting.ts';
import type { Catalogue } from './catalogue.ts';

/**
 * SQL expression for the day (YYYY-MM-DD) from which a row of `entries` counts as a report, or null: the day on which
 * the entry was first sent to review. A published entry without such a day, for example an imported one, counts from the
 * day on which it was first published. `row` is an alias of `entries`.
 */
const dayOf = (row: string): string => `CASE ${row}.place
  WHEN 'main' THEN coalesce((SELECT day FROM firstDays WHERE path = ${row}.path), ${row}.reported)
  ELSE ${row}.reported END`;

/** SQL condition for a published version that counts as a report. `row` is an alias of `entries`. */
const isPublishedReport = (row: string): string => `${row}.place = 'main' AND ${row}.state = 'published'
  AND ${row}.unit IS NOT NULL AND (${row}.collection = 'summaries' OR ${row}.period IS NOT NULL)
  AND ${dayOf(row)} IS NOT NULL`;

/**
 * SQL condition for a row `e` of `entries` that counts as a report: a published version, or a draft that is in review,
 * approved or returned. An entry that has both counts once, as published.
 */
const IS_REPORT = `e.blob IS NOT NULL AND ((${isPublishedReport('e')}) OR (
  e.place = 'draft' AND (e.state <> 'draft' OR e.returned IS NOT NULL) AND e.pathUnit IS NOT NULL
  AND ${dayOf('e')} IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM entries m WHERE m.path = e.path AND ${isPublishedReport('m')})
))`;

/**
 * SQL of the reports for some periods. `:periods` is a JSON array of ids of periods. A summary names its year and no
 * period: `:summaries` is a JSON object that maps dates of summaries to ids of periods.
 */
const OF_PERIODS = `
  SELECT iif(e.place = 'main', e.unit, e.pathUnit) AS unit, e.period AS period, ${dayOf('e')} AS day
  FROM json_each(:periods) due CROSS JOIN entries e INDEXED BY entriesByPeriod ON e.period = due.value
  WHERE e.collection IN ('stories', 'examples') AND ${IS_REPORT}
  UNION ALL
  SELECT iif(e.place = 'main', e.unit, e.pathUnit), due.value, ${dayOf('e')}
  FROM json_each(:summaries) due
  CROSS JOIN entries e INDEXED BY entriesByDate ON e.collection = 'summaries' AND e.date = due.key
  WHERE ${IS_REPORT}
  ORDER BY day`;

/**
 * SQL of the first report whose period is after `:after`. Each year is found with one such query, so the time depends on
 * the number of years and not on the number of entries. Drafts may name texts that are no periods: these are skipped.
 */
const FIRST_PERIOD = `SELECT e.period AS value FROM entries e INDEXED BY entriesByPeriod
  WHERE e.collection IN ('stories', 'examples') AND e.period > :after
    AND e.period GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]' AND ${IS_REPORT}
  ORDER BY e.period LIMIT 1`;

/** SQL of the first summary whose date is after `:after`. */
const FIRST_SUMMARY = `SELECT e.date AS value FROM entries e INDEXED BY entriesByDate
  WHERE e.collection = 'summaries' AND e.date > :after AND ${IS_REPORT} ORDER BY e.date LIMIT 1`;

const submission = z.object({ unit: z.string(), period: z.string(), day: z.string() });
const firstRow = z.object({ value: z.string() }).optional();

/** The reports of units: entries that they have sent in, see `IS_REPORT`. */
export class Submissions {
  readonly #catalogue: Catalogue;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  /**
   * Resolves to the entries that were sent in for some periods, sorted by day.
   * @throws CatalogueBusy
   */
  async of(periods: readonly Period[]): Promise<Submission[]> {
    if (periods.length === 0) return [];
    const due = periods.filter(({ kind }) => kind === 'summary').map(({ id }) => [`${yearOf(id)}-12-31`, id]);
    return this.#catalogue.rows(['draft', 'main'], submission, OF_PERIODS, {
      periods: JSON.stringify([...new Set(periods.map(({ id }) => id))]),
      summaries: JSON.stringify(Object.fromEntries(due)),
    });
  }

  /**
   * Resolves to the years of all entries that were sent in, in any order.
   * @param periods the periods of any year: they say whether summaries are due.
   * @throws CatalogueBusy
   */
  async years(periods: readonly Period[]): Promise<number[]> {
    const queries = [FIRST_PERIOD];
    if (periods.some(({ kind }) => kind === 'summary')) queries.push(FIRST_SUMMARY);
    return this.#catalogue.read(['draft', 'main'], (database) => {
      const years = new Set<string>();
      for (const sql of queries) {
        const query = database.prepare(sql);
        let first = firstRow.parse(query.get({ after: '' }));
        while (first) {
          years.add(yearOf(first.value));
          // A tilde sorts after all characters that follow the year in a period or a date.
          first = firstRow.parse(query.get({ after: `${yearOf(first.value)}~` }));
        }
      }
      return Array.from(years, Number);
    });
  }
}

/** Returns the year of a date or of the id of a period. */
function yearOf(text: string): string {
  return text.slice(0, 'YYYY'.length);
}
