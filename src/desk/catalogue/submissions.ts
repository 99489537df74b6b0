import { z } from 'zod';
import type { Period, Submission } from '../../model/reporting.ts';
import type { Catalogue } from './catalogue.ts';

/**
 * Entries that count as reports, with unit, period and day. Published ones: their day is when they were first sent to
 * review; without such a commit, as for imported entries, when they were first published. Drafts that are in review or
 * were returned: their day is when they were first sent to review. An entry that has both counts once, as published.
 * Summaries name a year and no period. Parameters: the period of a year's summaries is year || :summary, unless
 * :summary is null.
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

/** The entries that units have reported: see `SUBMITTED`. */
export class Submissions {
  readonly #catalogue: Catalogue;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  /** Returns the entries submitted for some periods, by day. @throws CatalogueBusy */
  async of(periods: readonly Period[]): Promise<Submission[]> {
    if (periods.length === 0) return [];
    const ids = periods.map(({ id }) => id);
    const summary = summaryEnding(periods);
    const sql = `${SUBMITTED} SELECT unit, period, day FROM submitted
      WHERE period IN (SELECT value FROM json_each(:periods)) ORDER BY day`;
    const rows = await this.#catalogue.rows(['draft', 'main'], sql, { summary, periods: JSON.stringify(ids) });
    return rows.map((row) => submission.parse(row));
  }

  /** Returns the years of all submissions. @throws CatalogueBusy */
  async years(periods: readonly Period[]): Promise<number[]> {
    const sql = `${SUBMITTED} SELECT DISTINCT substr(period, 1, 4) AS year FROM submitted`;
    const rows = await this.#catalogue.rows(['draft', 'main'], sql, { summary: summaryEnding(periods) });
    return rows.map((row) => Number(yearRow.parse(row).year)).filter((year) => Number.isInteger(year));
  }
}

/** Returns what follows the year in the id of the period in which summaries are due; null if there is none. */
function summaryEnding(periods: readonly Period[]): string | null {
  return periods.find(({ kind }) => kind === 'summary')?.id.slice('YYYY'.length) ?? null;
}
