import type { Library } from '../../library/library.ts';
import type { Period, Submission } from '../../model/reporting.ts';
import { dateInChina } from '../domain/china-time.ts';
import type { Drafts } from './drafts.ts';
import { entryFacts } from './entry-title.ts';
import type { Repository } from '../storage/repository.ts';

/** An entry that was sent to review, for which period of which unit. */
export interface SubmittedEntry extends Submission {
  file: string;
}

/** Kinds of entries that are reported. */
const REPORTED = ['stories', 'examples', 'summaries'] as const;

/**
 * What units have reported: derived from the drafts that are in review or were returned, and from what is published.
 * The day is that of the first time an entry was sent to review, which commits carry (`Desk-Submitted`); where none
 * says so, as with what was imported, that of its first publication.
 */
export class Submissions {
  readonly #repository: Repository;
  readonly #drafts: Drafts;
  readonly #library: () => Promise<Library>;
  /** Days on which published entries were first submitted, by file, and the commit of main up to which they are known. */
  readonly #known = new Map<string, string>();
  #until: string | undefined;

  constructor(repository: Repository, drafts: Drafts, library: () => Promise<Library>) {
    this.#repository = repository;
    this.#drafts = drafts;
    this.#library = library;
  }

  /** Everything that was submitted; `summaryPeriod`: the period of a year's summaries, as they name only the year. */
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
    await this.#learn();
    const { shelf } = await this.#library();
    return REPORTED.flatMap((collection) =>
      shelf.list(collection).flatMap((key) => {
        const version = shelf.entry(collection, key);
        if (version?.entry.collection !== collection) return [];
        const { data } = version.entry;
        const period = 'year' in data ? summaryPeriod(data.year) : data.period;
        const { file } = version.address;
        const day = this.#known.get(file) ?? data.published;
        return period === undefined || day === undefined ? [] : [{ unit: data.unit, period, day, file }];
      }),
    );
  }

  /** Reads what main has become since it was last read. */
  async #learn(): Promise<void> {
    const head = await this.#repository.head();
    if (head === this.#until) return;
    for (const message of await this.#repository.log.messages(head, this.#until)) {
      const file = /^Desk-Entry: (.+)$/mu.exec(message)?.[1];
      const at = /^Desk-Submitted: (.+)$/mu.exec(message)?.[1];
      if (file === undefined || at === undefined) continue;
      const day = dateInChina(at);
      // Oldest first: the first publication counts.
      if (!this.#known.has(file)) this.#known.set(file, day);
    }
    this.#until = head;
  }
}

/** The period in which a year's summaries are due; undefined: none is. */
export function summaryPeriodIn(periods: (year: number) => readonly Period[]): (year: number) => string | undefined {
  return (year) => periods(year).find(({ kind }) => kind === 'summary')?.id;
}
