import { GitError, GitUnreadable } from './git.ts';
import type { Repository } from './repository.ts';
import { DATABASE, isCorruptDatabase, REPOSITORY } from './damage.ts';

const REMEDY = '请查清磁盘，用备份恢复。';
const DAMAGED_OBJECT = `${REPOSITORY}有损坏：有内容读不出来。${REMEDY}`;

/** The damage found since the desk was opened, in sentences for the people who run the server. */
export class KnownDamage {
  readonly #repository: Repository;
  readonly #sentences = new Set<string>();
  /** Id of a git object that could not be read, until `all` checks it. */
  #doubtful: string | undefined;

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  /** Adds a sentence, which is kept until the desk is started again. */
  note(sentence: string): void {
    this.#sentences.add(sentence);
  }

  /** Records that the database's file is damaged or is no longer the file that was opened. */
  noteReplacedDatabase(): void {
    this.note(`${DATABASE}损坏，或者换成了别的文件。${REMEDY}`);
  }

  /** Records that maintenance could not read the repository. */
  noteMaintenance(): void {
    this.note(`${REPOSITORY}有损坏：整理时读不出来。${REMEDY}`);
  }

  /** Records the damage that an error means, if any. */
  noteError(error: unknown): void {
    if (isCorruptDatabase(error)) this.note(`${DATABASE}损坏，读不出来。${REMEDY}`);
    if (error instanceof GitError && error.isDamage) this.note(DAMAGED_OBJECT);
    if (error instanceof GitUnreadable && error.object !== undefined) this.#doubtful = error.object;
  }

  /**
   * Resolves to the sentences about all known damage. An object that could not be read is checked first: if git can
   * read it now, the cause was not damage.
   */
  async all(): Promise<Iterable<string>> {
    const doubtful = this.#doubtful;
    if (doubtful !== undefined && !this.#sentences.has(DAMAGED_OBJECT)) {
      this.#doubtful = undefined;
      if (await this.#repository.isDamaged(doubtful)) this.note(DAMAGED_OBJECT);
    }
    return this.#sentences;
  }
}
