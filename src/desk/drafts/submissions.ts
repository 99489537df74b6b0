import type { Library } from '../../library/library.ts';
import type { Period, Submission } from '../../model/reporting.ts';
import { dateInChina } from '../domain/china-time.ts';
import type { Drafts } from './drafts.ts';
import { entryFacts } from './entry-title.ts';
import type { Repository } from '../storage/repository.ts';

/** An entry that was sent to review, with its unit and period. */
export interface SubmittedEntry extends Submission {
  file: string;
}

/** Collections whose entries count as reports. */
const REPORTED = ['stories', 'examples', 'summaries'] as const;

/**
 * The entries that units have reported, derived from published entries and from drafts that are in review or were
 * returned. Their day is when the entry was first sent to review (trailer `Desk-Submitted`); without such a commit, as
 * for imported entries, when it was first published.
 */
export class Submissions {
  readonly #repository: Repository;
  readonly #drafts: Drafts;
  readonly #library: () => Promise<Library>;
  /** Days (YYYY-MM-DD) on which published entries were first submitted, by file. */
  readonly #days = new Map<string, string>();
  /** The commit of main up to which `#days` is complete. */
  #until: string | undefined;

  constructor(repository: Repository, drafts: Drafts, library: () => Promise<Library>) {
    this.#repository = repository;
    this.#drafts = drafts;
    this.#library = library;
  }

  /**
   * Returns all submitted entries.
   * @param summaryPeriod returns the period of a year's summaries, which name only the year.
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

  /** Reads the commits of main since the last call. */
  async #readLog(): Promise<void> {
    const head = await this.#repository.head();
    if (head === this.#until) return;
    for (const message of await this.#repository.log.messages(head, this.#until)) {
      const file = /^Desk-Entry: (.+)$/mu.exec(message)?.[1];
      const at = /^Desk-Submitted: (.+)$/mu.exec(message)?.[1];
      if (file === undefined || at === undefined) continue;
      const day = dateInChina(at);
      // Messages come oldest first: the first publication counts.
      if (!this.#days.has(file)) this.#days.set(file, day);
    }
    this.#until = head;
  }
}

/** Returns a lookup of the period in which a year's summaries are due; undefined if there is none. */
export function summaryPeriodIn(periods: (year: number) => readonly Period[]): (year: number) => string | undefined {
  return (year) => periods(year).find(({ kind }) => kind === 'summary')?.id;
}
