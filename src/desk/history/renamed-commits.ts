import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { tablesIn } from '../storage/database.ts';

const row = z.object({ new: z.string() });

/**
 * The ids that commits had before photos became originals: the table `old_commits`, written by that migration. People
 * may have such ids in links.
 */
export class RenamedCommits {
  readonly #database: DatabaseSync;
  readonly #known: boolean;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#known = tablesIn(database).has('old_commits');
  }

  /** Returns the id of a commit today; the id itself if it has no other. */
  today(id: string): string {
    if (!this.#known) return id;
    const found = this.#database.prepare('SELECT new FROM old_commits WHERE old = ?').get(id);
    return found === undefined ? id : row.parse(found).new;
  }
}
