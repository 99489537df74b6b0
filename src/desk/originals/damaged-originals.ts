import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { OriginalName } from './pointer.ts';
import type { ObjectState } from './scrub.ts';

/** An original that cannot be used. */
export interface DamagedOriginal extends OriginalName {
  state: Exclude<ObjectState, 'good'>;
}

const row = z.object({ hash: z.string(), size: z.number(), state: z.enum(['damaged', 'missing', 'wrong size']) });

/** The originals that were found missing or damaged, until they are found good: the table `originals_damaged`. */
export class DamagedOriginals {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Creates the table. */
  static createTable(database: DatabaseSync): void {
    database.exec(
      'CREATE TABLE IF NOT EXISTS originals_damaged (hash TEXT PRIMARY KEY, size INTEGER NOT NULL, state TEXT NOT NULL)',
    );
  }

  /** Notes what was found of an original. Returns whether it is damaged, and this was not known. */
  note({ hash, size }: OriginalName, state: ObjectState): boolean {
    if (state === 'good') {
      this.#database.prepare('DELETE FROM originals_damaged WHERE hash = ?').run(hash);
      return false;
    }
    const isNew = this.#database.prepare('SELECT 1 FROM originals_damaged WHERE hash = ?').get(hash) === undefined;
    this.#database.prepare('INSERT OR REPLACE INTO originals_damaged VALUES (?, ?, ?)').run(hash, size, state);
    return isNew;
  }

  /** Forgets the originals that nothing needs any more. */
  keepOnly(needed: ReadonlySet<string>): void {
    const forget = this.#database.prepare('DELETE FROM originals_damaged WHERE hash = ?');
    for (const { hash } of this.all()) if (!needed.has(hash)) forget.run(hash);
  }

  /** Returns all of them in ascending order of their hashes. */
  all(): DamagedOriginal[] {
    const rows = this.#database.prepare('SELECT hash, size, state FROM originals_damaged ORDER BY hash').all();
    return rows.map((found) => row.parse(found));
  }
}
