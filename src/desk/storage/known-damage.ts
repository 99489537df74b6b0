import { GitError, GitUnreadable } from './git.ts';
import type { Repository } from './repository.ts';
import { DATABASE, isCorruptDatabase, REPOSITORY } from './damage.ts';

const REMEDY = '请查清磁盘，用备份恢复。';
const MET = `${REPOSITORY}有损坏：有内容读不出来。${REMEDY}`;

/** What was found to be damaged since the desk was opened, in sentences for whoever watches over the server. */
export class KnownDamage {
  readonly #repository: Repository;
  readonly #sentences = new Set<string>();
  /** An object that could not be read, until it is asked for once more. */
  #doubtful: string | undefined;

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  /** Keeps a sentence until the next start. */
  note(sentence: string): void {
    this.#sentences.add(sentence);
  }

  /** Notes that the database is no longer the file that was opened. */
  noteReplacedDatabase(): void {
    this.note(`${DATABASE}损坏，或者换成了别的文件。${REMEDY}`);
  }

  /** Notes what maintenance could not read. */
  noteMaintenance(): void {
    this.note(`${REPOSITORY}有损坏：整理时读不出来。${REMEDY}`);
  }

  /** Notes the damage that something which went wrong tells of. */
  hear(error: unknown): void {
    if (isCorruptDatabase(error)) this.note(`${DATABASE}损坏，读不出来。${REMEDY}`);
    if (error instanceof GitError && error.tellsOfDamage) this.note(MET);
    if (error instanceof GitUnreadable && error.object !== undefined) this.#doubtful = error.object;
  }

  /** All that is known. An object that git could not read for another reason, and can now, is no damage. */
  async all(): Promise<Iterable<string>> {
    const doubtful = this.#doubtful;
    if (doubtful !== undefined && !this.#sentences.has(MET)) {
      this.#doubtful = undefined;
      if (await this.#repository.isDamaged(doubtful)) this.note(MET);
    }
    return this.#sentences;
  }
}
