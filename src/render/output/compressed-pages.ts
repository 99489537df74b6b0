import { compress, copyName, ENCODINGS, isCopyOf, type Encoding } from './compression.ts';
import type { Output } from './output.ts';
import { yieldEvery } from './yield.ts';

/** How copies are made. */
export interface Copying {
  /** How many at a time; each has a processor for itself. */
  workers?: number;
  /** Gives it up after the copy that is being made; the next time it goes on from there. */
  signal?: AbortSignal;
}

/**
 * The compressed copies of pages. They are made after a page is live, because a good one takes longer than the page
 * itself, and go before it does (see Output): so a copy that is there always is of the file beside it, whenever the
 * process is killed. Until a copy is there, readers get the next worse one, or the page as it is.
 */
export class CompressedPages {
  readonly #output: Output;
  /** Files that have no copy yet, the oldest first. */
  readonly #lacking: Record<Encoding, Set<string>> = { gzip: new Set(), br: new Set() };

  constructor(output: Output) {
    this.#output = output;
  }

  /** Says that a file was written: its copies went, new ones are needed. */
  lack(path: string): void {
    for (const encoding of ENCODINGS) this.#lacking[encoding].add(path);
  }

  /**
   * Looks which of the pages in `paths` have no copies; `files`: what is in the output. Not `trusted` after a run that
   * was ended in the middle: where the machine lost its power a copy may be damaged; such copies are removed.
   */
  async survey(paths: Iterable<string>, files: ReadonlySet<string>, trusted: boolean): Promise<void> {
    const rest = yieldEvery();
    for (const path of paths) {
      for (const encoding of ENCODINGS) {
        const name = copyName(path, encoding);
        const present = files.has(name);
        if (present && (trusted || (await this.#isGood(path, name, encoding)))) continue;
        if (present) this.#output.remove(name);
        this.#lacking[encoding].add(path);
      }
      await rest();
    }
  }

  /** Makes the copies of one kind that are lacking. Rejects when the signal says so. */
  async make(encoding: Encoding, { workers = 1, signal }: Copying = {}): Promise<void> {
    const lacking = this.#lacking[encoding];
    // All workers take from the same; what is added meanwhile comes, too.
    const paths = lacking.values();
    const work = async (): Promise<void> => {
      for (const path of paths) {
        signal?.throwIfAborted();
        if (await this.#copy(path, encoding)) lacking.delete(path);
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
  }

  /** Answers false where the file was replaced meanwhile: its copy is made the next time. */
  async #copy(path: string, encoding: Encoding): Promise<boolean> {
    const content = this.#output.read(path);
    if (!content) return true;
    const copy = await compress(content, encoding);
    // From here to the end nothing else in this process can write.
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
