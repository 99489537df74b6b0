import type { Library } from '../../library/library.ts';
import type { Period, Submission } from '../../model/reporting.ts';
import { dateInChina } from '../domain/china-time.ts';
import type { Drafts } from './drafts.ts';
import { entryFacts } from './entry-title.ts';
import type { Repository } from '../storage/repository.ts';

/** An entry that was sent to review: its unit, its period, the day (YYYY-MM-DD) when this happened, and its file. */
export interface SubmittedEntry extends Submission {
  file: string;
}

/** The collections whose entries count as reports of a unit. */
const REPORTED = ['stories', 'examples', 'summaries'] as const;

/**
 * The entries that units have sent in as reports: published entries, and drafts that are in review, approved or
 * returned. An entry counts from the day on which it was first sent to review (trailer `Desk-Submitted`). An entry
 * without this trailer, for example an imported one, counts from the day on which it was first published.
 */
export class Submissions {
  readonly #repository: Repository;
  readonly #drafts: Drafts;
  readonly #library: () => Promise<Library>;
  /** Days (YYYY-MM-DD) on which published entries were first sent to review, by the path of the entry's file. */
  readonly #days = new Map<string, string>();
  /** The commit of main up to which commit messages have been read into `#days`; undefined before the first call. */
  #until: string | undefined;

  constructor(repository: Repository, drafts: Drafts, library: () => Promise<Library>) {
    this.#repository = repository;
    this.#drafts = drafts;
    this.#library = library;
  }

  /**
   * Resolves to all submitted entries.
   * @param summaryPeriod returns the id of the period in which the summaries of a year are due, or undefined. A summary
   * names its year and no period.
   */
  async all(summaryPeriod: (year: number) => string | undefined): Promise<SubmittedEntry[]> {
    const submitted = new Map<string, SubmittedEntry>();
    for (const one of await this.#published(summaryPeriod)) submitted.set(one.file, one);
    for (const one of await this.#drafted(summaryPeriod)) if (!submitted.has(one.file)) submitted.set(one.file, one);
    return [...submitted.values()];
  }

  async #drafted(summaryPeriod: (year: number) => string | undefined): Promise<SubmittedEntry[]> {
    const drafts = (await this.#drafts.all()).filter(
      ({ name, submittedAt, state, returned }) =>
        REPORTED.some((collection) => collection === name.collection) &&
        submittedAt !== undefined &&
        (state !== 'draft' || returned !== undefined),
    );
    const found = drafts.map(async ({ name, commit, submittedAt }) => {
      const blob = await this.#repository.blobAt(commit, name.file);
      if (blob === undefined || submittedAt === undefined) return [];
      const facts = entryFacts(name.file, (await this.#repository.bytes(blob)).toString());
      const [, unit = '', year = ''] = name.file.split('/');
      const period = name.collection === 'summaries' ? summaryPeriod(Number(year)) : facts.period;
      return period === undefined ? [] : [{ unit, period, day: dateInChina(submittedAt), file: name.file }];
    });
    return (await Promise.all(found)).flat();
  }

  async #published(summaryPeriod: (year: number) => string | undefined): Promise<SubmittedEntry[]> {
    await this.#readLog();
    const { store } = await this.#library();
    return REPORTED.flatMap((collection) =>
      store.list(collection).flatMap((key) => {
        const version = store.entry(collection, key);
        if (version?.entry.collection !== collection) return [];
        const { data } = version.entry;
        const period = 'year' in data ? summaryPeriod(data.year) : data.period;
        const { file } = version.address;
        const day = this.#days.get(file) ?? data.published;
        return period === undefined || day === undefined ? [] : [{ unit: data.unit, period, day, file }];
      }),
    );
  }

  /**
   * Reads the messages of those commits of main that were made since the last call. Adds the days that the messages
   * contain to `#days`.
   */
  async #readLog(): Promise<void> {
    const head = await this.#repository.head();
    if (head === this.#until) return;
    for (const message of await this.#repository.log.messages(head, this.#until)) {
      const file = /^Desk-Entry: (.+)$/mu.exec(message)?.[1];
      const at = /^Desk-Submitted: (.+)$/mu.exec(message)?.[1];
      if (file === undefined || at === undefined) continue;
      const day = dateInChina(at);
      // The oldest message comes first, and the first publication of a file counts.
      if (!this.#days.has(file)) this.#days.set(file, day);
    }
    this.#until = head;
  }
}

/**
 * Returns a function that returns the id of the period in which the summaries of a year are due, or undefined if there
 * is none.
 * @param periods returns the periods of a year.
 */
export function summaryPeriodIn(periods: (year: number) => readonly Period[]): (year: number) => string | undefined {
  return (year) => periods(year).find(({ kind }) => kind === 'summary')?.id;
}
