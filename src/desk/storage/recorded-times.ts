import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const stored = z.object({ done: z.number() });

/** Times that are stored in the desk's database by name, in milliseconds since 1970. */
export class RecordedTimes {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Returns the time with a name, or undefined if none is recorded. */
  read(name: string): number | undefined {
    const row = this.#database.prepare('SELECT done FROM upkeep WHERE what = ?').get(name);
    return row && stored.parse(row).done;
  }

  write(name: string, time: number): void {
    this.#database.prepare('INSERT OR REPLACE INTO upkeep VALUES (?, ?)').run(name, Math.floor(time));
  }
}
