import { join } from 'node:path';
import { posterAddress } from '../../library/queries/addresses.ts';
import type { Library } from '../../library/library.ts';
import type { PosterFacts } from '../../model/view-models.ts';
import { DrawingWorker } from '../../poster/drawing-worker.ts';
import { posterVersionOf } from '../../poster/poster-version.ts';
import type { Attempts } from './all-steps.ts';
import type { Journal, PosterFile } from './journal.ts';
import { fileOfPage, type Output } from '../output/output.ts';
import { yieldEvery } from '../output/yield.ts';

/** The part of the journal that stores the version and stamp of each poster. */
type PosterMemory = Pick<Journal, 'posters' | 'setPoster'>;

/** Memory that stores nothing, for a build that draws all posters. */
const noMemory: PosterMemory = { posters: () => new Map(), setPoster: () => undefined };

/**
 * Options for drawing posters. `onDrawn` is called after each poster with the number of drawn posters and of all
 * posters to draw.
 */
export interface DrawingOptions {
  /** Number of posters that are drawn at once, each in a separate process. */
  workers: number;
  /** Aborts drawing at once. Posters that are already drawn stay. */
  signal?: AbortSignal;
  onDrawn?: (done: number, total: number) => void;
}

/** The number of posters that were drawn, and the characters that could not be drawn. */
export interface DrawnPosters {
  drawn: number;
  /** Characters that the typeface does not have, by the poster's URL path. The poster shows 〓 instead. */
  missing: ReadonlyMap<string, readonly string[]>;
}

type Key = ReturnType<ReturnType<Library['passingReader']>['posterKeys']>[number];

/** Returns the collection and id of every poster that an output must have, by the poster's URL path. */
export function posterKeysOf(library: Library): Map<string, Key> {
  return new Map(
    library
      .passingReader()
      .posterKeys()
      .map((key) => [posterAddress(...key), key] as const),
  );
}

/** The posters in the output. Keeps them up to date with the published stories and examples. */
export class PosterUpdates {
  readonly #output: Output;
  readonly #library: Library;
  readonly #memory: PosterMemory;
  /** Posters in the output, by URL path, as far as they are known; the journal stores the same. */
  readonly #known: Map<string, PosterFile>;

  constructor(output: Output, library: Library, memory: PosterMemory = noMemory) {
    this.#output = output;
    this.#library = library;
    this.#memory = memory;
    this.#known = memory.posters();
  }

  /** Removes the posters of entries that are withdrawn or no longer published. `attempts` collects the errors. */
  async removeGone(attempts: Attempts): Promise<void> {
    const wanted = posterKeysOf(this.#library);
    for (const address of [...this.#known.keys()]) {
      if (wanted.has(address)) continue;
      await attempts.make(() => {
        this.#output.remove(fileOfPage(address));
        this.#note(address, undefined);
      });
    }
  }

  /**
   * Draws the posters that are missing or outdated. Continues after a failure and rejects at the end. Rejects at once
   * if the signal aborts.
   *
   * @throws AggregateError with every failure, after all other posters are drawn.
   */
  async draw({ workers: workers, signal, onDrawn = () => undefined }: DrawingOptions): Promise<DrawnPosters> {
    const waiting = await this.#outdated(signal);
    const total = waiting.length;
    const missing = new Map<string, readonly string[]>();
    const failures: Error[] = [];
    let drawn = 0;
    const work = async (): Promise<void> => {
      const worker = new DrawingWorker();
      try {
        for (let key = waiting.shift(); key; key = waiting.shift()) {
          try {
            const missingCharacters = await this.#drawOne(key, worker, signal);
            if (missingCharacters.length > 0) missing.set(posterAddress(...key), missingCharacters);
            drawn += 1;
            onDrawn(drawn, total);
          } catch (error) {
            signal?.throwIfAborted();
            // Drawing also fails if the entry was withdrawn meanwhile and its photo removed: this is no error.
            if (!this.#library.passingReader().poster(...key)) continue;
            const why = error instanceof Error ? error.message : String(error);
            failures.push(new Error(`${posterAddress(...key)} 的海报没有画成：${why}`));
          }
        }
      } finally {
        worker.close();
      }
    };
    await Promise.all(Array.from({ length: Math.min(workers, total) }, work));
    if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('\n'));
    return { drawn, missing };
  }

  async #outdated(signal?: AbortSignal): Promise<Key[]> {
    const outdated: Key[] = [];
    const yieldIfDue = yieldEvery();
    const reader = this.#library.passingReader();
    // The newest stories come first, because somebody may be waiting for their posters.
    for (const key of reader.posterKeys().reverse()) {
      signal?.throwIfAborted();
      // A poster without the photos that follow would soon be drawn again.
      if (this.#library.store.entry(...key)?.photosPending) continue;
      const facts = reader.poster(...key);
      if (facts && !this.#isThere(facts)) outdated.push(key);
      await yieldIfDue();
    }
    return outdated;
  }

  #isThere(facts: PosterFacts): boolean {
    const known = this.#known.get(facts.href);
    return known?.version === posterVersionOf(facts) && known.stamp === this.#output.stampOf(fileOfPage(facts.href));
  }

  /**
   * Draws the current poster of an entry and writes it to the output. Resolves to the characters that the typeface does
   * not have; to none if the poster is not written, because the entry changed or was withdrawn meanwhile.
   */
  async #drawOne(key: Key, worker: DrawingWorker, signal?: AbortSignal): Promise<readonly string[]> {
    const facts = this.#library.passingReader().poster(...key);
    if (!facts) return [];
    const photo = facts.photo && join(this.#output.root, fileOfPage(facts.photo.src));
    const { png, missing } = await worker.draw({ facts, photo }, signal);
    const version = posterVersionOf(facts);
    // If the entry was published again meanwhile, its poster is drawn the next time. If it was withdrawn, its poster
    // must not be written again.
    const now = this.#library.passingReader().poster(...key);
    if (!now || posterVersionOf(now) !== version) return [];
    const path = fileOfPage(facts.href);
    this.#output.write(path, png);
    const stamp = this.#output.stampOf(path);
    if (stamp !== undefined) this.#note(facts.href, { version, stamp });
    return missing;
  }

  #note(address: string, file: PosterFile | undefined): void {
    if (file) this.#known.set(address, file);
    else this.#known.delete(address);
    this.#memory.setPoster(address, file);
  }
}
