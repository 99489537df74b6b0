import { compress, copyName, ENCODINGS, isCopyOf, type Encoding } from './compression.ts';
import type { Output } from './output.ts';
import { yieldEvery } from './yield.ts';

/** Options for making compressed copies of pages. */
export interface Copying {
  /** Number of copies that are made at once, one by default. Each uses one processor. */
  workers?: number;
  /**
   * If it aborts, the work stops after the copies that are being made. The next call continues with the files that are
   * left.
   */
  signal?: AbortSignal;
}

/**
 * The compressed copies of pages. A copy is made after its page is published, because good compression takes longer
 * than rendering the page. A copy is removed before its page changes (see Output). So an existing copy always belongs
 * to the file beside it, even if the process is killed. While a copy is missing, readers get a copy in another encoding
 * or the page itself.
 */
export class CompressedPages {
  readonly #output: Output;
  /** Paths of files that have no copy in an encoding, in the order in which they were added. */
  readonly #missing: Record<Encoding, Set<string>> = { gzip: new Set(), br: new Set() };

  constructor(output: Output) {
    this.#output = output;
  }

  /** Records that a file was written and its copies were removed, so that new copies are made. */
  invalidate(path: string): void {
    for (const encoding of ENCODINGS) this.#missing[encoding].add(path);
  }

  /**
   * Finds the pages in `paths` that have no copies. `files` are the paths of all files in the output. `trusted` is
   * false after an interrupted run: a power failure may have damaged copies. Then all copies are checked, and damaged
   * ones are removed.
   */
  async survey(paths: Iterable<string>, files: ReadonlySet<string>, trusted: boolean): Promise<void> {
    const yieldIfDue = yieldEvery();
    for (const path of paths) {
      for (const encoding of ENCODINGS) {
        const name = copyName(path, encoding);
        const present = files.has(name);
        if (present && (trusted || (await this.#isGood(path, name, encoding)))) continue;
        if (present) this.#output.remove(name);
        this.#missing[encoding].add(path);
      }
      await yieldIfDue();
    }
  }

  /** Makes the missing copies in one encoding. Rejects if the signal aborts. */
  async make(encoding: Encoding, { workers = 1, signal }: Copying = {}): Promise<void> {
    const missing = this.#missing[encoding];
    // All workers share this iterator. It includes paths that are added while they run.
    const paths = missing.values();
    const work = async (): Promise<void> => {
      for (const path of paths) {
        signal?.throwIfAborted();
        if (await this.#copy(path, encoding)) missing.delete(path);
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
  }

  /**
   * Makes one copy. Resolves to false if the file was replaced meanwhile: its copy must then be made again. Resolves to
   * true if the copy was written or the file does not exist any more.
   */
  async #copy(path: string, encoding: Encoding): Promise<boolean> {
    const content = this.#output.read(path);
    if (!content) return true;
    const copy = await compress(content, encoding);
    // The code from here on is synchronous, so that no other code of this process can write between the comparison and
    // the write.
    const now = this.#output.read(path);
    if (!now || Buffer.compare(now, content) !== 0) return !now;
    this.#output.write(copyName(path, encoding), copy);
    return true;
  }

  async #isGood(path: string, name: string, encoding: Encoding): Promise<boolean> {
    const content = this.#output.read(path);
    const copy = this.#output.read(name);
    return content !== undefined && copy !== undefined && isCopyOf(content, copy, encoding);
  }
}
