import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { OriginalsTrouble } from './originals-trouble.ts';
import type { Originals } from './originals.ts';

const DAY = 86_400_000;
/** How long an original is kept after maintenance first found that nothing needs it, in milliseconds. */
const KEEP_UNREACHED = 90 * DAY;

/** How long a writer waits for the removal of the original that it is about to store, in milliseconds. */
const MOST_WAIT = 60_000;
const WAIT = 50;

const row = z.object({ hash: z.string(), since: z.number() });

/** How many originals a run has removed. */
export interface RemovedOriginals {
  removed: number;
}

/**
 * The originals that nothing needs, with the time since when: the table `originals_unreached`. They are removed after
 * 90 days, and never while a writer, perhaps of another process, is about to use one:
 *
 * - A writer calls `claim` before it stores an original, which may exist already: then 90 days start again.
 * - `sweep` marks a row as being removed, in one statement that does nothing if the row was claimed. Only then it
 *   removes the object. A writer that finds such a mark waits until the row is gone, and then stores the object again.
 */
export class UnreachedOriginals {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Creates the table. */
  static createTable(database: DatabaseSync): void {
    database.exec(
      `CREATE TABLE IF NOT EXISTS originals_unreached (
         hash TEXT PRIMARY KEY, since INTEGER NOT NULL, removing INTEGER NOT NULL DEFAULT 0
       )`,
    );
  }

  /** Forgets the marks that a killed process has left. The caller is the process that removes originals. */
  forgetMarks(): void {
    this.#database.prepare('UPDATE originals_unreached SET removing = 0 WHERE removing = 1').run();
  }

  /**
   * Takes an original off the table. Call it before the original is stored. Waits while it is being removed.
   * @throws OriginalsTrouble if that takes too long.
   */
  async claim(hash: string): Promise<void> {
    const claiming = this.#database.prepare('DELETE FROM originals_unreached WHERE hash = ? AND removing = 0');
    const marked = this.#database.prepare('SELECT 1 FROM originals_unreached WHERE hash = ?');
    for (let waited = 0; ; waited += WAIT) {
      claiming.run(hash);
      if (marked.get(hash) === undefined) return;
      if (waited >= MOST_WAIT) throw new OriginalsTrouble('broken', `${hash} is being removed.`);
      await pause(WAIT);
    }
  }

  /**
   * Notes which originals nothing needs, and removes those that nothing has needed for 90 days. Ends early, without an
   * error, if `signal` aborts.
   * @param reached the hashes that are needed, read after the list of originals was begun or later.
   * @throws Refusal of `Originals`
   */
  async sweep(
    originals: Originals,
    reached: ReadonlySet<string>,
    now: Date,
    signal: AbortSignal,
  ): Promise<RemovedOriginals> {
    const forget = this.#database.prepare('DELETE FROM originals_unreached WHERE hash = ?');
    const mark = this.#database.prepare(
      'UPDATE originals_unreached SET removing = 1 WHERE hash = ? AND since < ? AND removing = 0',
    );
    const note = this.#database.prepare('INSERT OR IGNORE INTO originals_unreached (hash, since) VALUES (?, ?)');
    const known = this.#database
      .prepare('SELECT hash, since FROM originals_unreached')
      .all()
      .map((found) => row.parse(found));
    for (const { hash } of known) if (reached.has(hash)) forget.run(hash);
    const listed = new Set(known.map(({ hash }) => hash));
    for await (const { hash } of originals.list()) {
      if (signal.aborted) return { removed: 0 };
      if (!reached.has(hash) && !listed.has(hash)) note.run(hash, now.getTime());
    }
    let removed = 0;
    const oldest = now.getTime() - KEEP_UNREACHED;
    for (const { hash, since } of known) {
      if (signal.aborted) break;
      if (since >= oldest || reached.has(hash)) continue;
      if (mark.run(hash, oldest).changes === 0) continue;
      try {
        await originals.remove(hash);
        forget.run(hash);
        removed += 1;
      } catch (error) {
        this.#database.prepare('UPDATE originals_unreached SET removing = 0 WHERE hash = ?').run(hash);
        throw error;
      }
    }
    return { removed };
  }
}
