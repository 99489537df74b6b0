import { compress, copyName, ENCODINGS, isCopyOf, type Encoding } from './compression.ts';
import type { Output } from './output.ts';
import { yieldEvery } from './yield.ts';

/** Options for making compressed copies. */
export interface Copying {
  /** How many copies are made at once; each uses one processor. */
  workers?: number;
  /** Stops after the copies that are being made; the next call continues from there. */
  signal?: AbortSignal;
}

/**
 * Keeps the compressed copies of pages. A copy is made after its page is live, because a good one takes longer than
 * rendering the page, and is removed before the page changes (see Output). So an existing copy always belongs to the
 * file beside it, even if the process is killed. Until a copy exists, readers get the next best one, or the page
 * itself.
 */
export class CompressedPages {
  readonly #output: Output;
  /** Files that have no copy yet, the oldest first. */
  readonly #missing: Record<Encoding, Set<string>> = { gzip: new Set(), br: new Set() };

  constructor(output: Output) {
    this.#output = output;
  }

  /** Notes that a file was written: its copies were removed and new ones are needed. */
  invalidate(path: string): void {
    for (const encoding of ENCODINGS) this.#missing[encoding].add(path);
  }

  /**
   * Finds the pages in `paths` that have no copies. `files` are the files in the output. `trusted` is false after a run
   * that was interrupted: a power failure may have damaged copies, so they are checked, and damaged ones removed.
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

  /** Makes the missing copies of one encoding. Rejects if the signal aborts. */
  async make(encoding: Encoding, { workers = 1, signal }: Copying = {}): Promise<void> {
    const missing = this.#missing[encoding];
    // All workers share this iterator; paths added meanwhile are included.
    const paths = missing.values();
    const work = async (): Promise<void> => {
      for (const path of paths) {
        signal?.throwIfAborted();
        if (await this.#copy(path, encoding)) missing.delete(path);
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
  }

  /** Returns false if the file was replaced meanwhile: then its copy is made the next time. */
  async #copy(path: string, encoding: Encoding): Promise<boolean> {
    const content = this.#output.read(path);
    if (!content) return true;
    const copy = await compress(content, encoding);
    // What follows is synchronous, so that nothing else in this process can write in between.
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
