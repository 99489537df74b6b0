import { z } from 'zod';
import type { Period, Submission } from '../../model/reporting.ts';
import type { Catalogue } from './catalogue.ts';

/**
 * SQL of the table `submitted`: the entries that units have sent in as reports, with unit, period and day. They are
 * published entries, and drafts that are in review, approved or returned. An entry counts from the day on which it was
 * first sent to review. A published entry without such a day, for example an imported one, counts from the day on which
 * it was first published. An entry that has both a published version and a draft counts once, as published.
 *
 * A summary names its year and no period. Its period is the year followed by the parameter `:summary`. If `:summary` is
 * null, summaries do not count.
 */
const SUBMITTED = `
  WITH counted AS (
    SELECT e.path, e.place, e.pathUnit, e.unit, e.state, e.returned,
      CASE WHEN e.collection = 'summaries' THEN substr(e.date, 1, 4) || :summary ELSE e.period END AS period,
      CASE WHEN e.place = 'main' THEN coalesce(f.day, e.reported) ELSE e.reported END AS day
    FROM entries e LEFT JOIN firstDays f ON f.path = e.path
    WHERE e.collection IN ('stories', 'examples', 'summaries') AND e.blob IS NOT NULL
  ),
  published AS (
    SELECT path, unit, period, day FROM counted
    WHERE place = 'main' AND state = 'published' AND unit IS NOT NULL AND period IS NOT NULL AND day IS NOT NULL
  ),
  submitted AS (
    SELECT path, unit, period, day FROM published
    UNION ALL
    SELECT path, pathUnit AS unit, period, day FROM counted
    WHERE place = 'draft' AND (state <> 'draft' OR returned IS NOT NULL)
      AND pathUnit IS NOT NULL AND period IS NOT NULL AND day IS NOT NULL
      AND path NOT IN (SELECT path FROM published)
  )
`;

const submission = z.object({ unit: z.string(), period: z.string(), day: z.string() });
const yearRow = z.object({ year: z.string() });

/** The entries that units have sent in as reports: see `SUBMITTED`. */
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
    const ids = periods.map(({ id }) => id);
    const summary = summaryEnding(periods);
    const sql = `${SUBMITTED} SELECT unit, period, day FROM submitted
      WHERE period IN (SELECT value FROM json_each(:periods)) ORDER BY day`;
    const rows = await this.#catalogue.rows(['draft', 'main'], sql, { summary, periods: JSON.stringify(ids) });
    return rows.map((row) => submission.parse(row));
  }

  /**
   * Resolves to the years of all entries that were sent in, in any order.
   * @param periods the periods of any year: they say when summaries are due.
   * @throws CatalogueBusy
   */
  async years(periods: readonly Period[]): Promise<number[]> {
    const sql = `${SUBMITTED} SELECT DISTINCT substr(period, 1, 4) AS year FROM submitted`;
    const rows = await this.#catalogue.rows(['draft', 'main'], sql, { summary: summaryEnding(periods) });
    return rows.map((row) => Number(yearRow.parse(row).year)).filter((year) => Number.isInteger(year));
  }
}

/** Returns what follows the year in the id of the period in which summaries are due. Returns null if there is none. */
function summaryEnding(periods: readonly Period[]): string | null {
  return periods.find(({ kind }) => kind === 'summary')?.id.slice('YYYY'.length) ?? null;
}
