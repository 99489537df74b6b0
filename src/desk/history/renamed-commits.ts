import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { tablesIn } from '../storage/database.ts';

const row = z.object({ new: z.string() });

/**
 * The ids of commits from before the migration to originals, which wrote them into the table `old_commits`. Links that
 * people have saved contain such ids.
 */
export class RenamedCommits {
  readonly #database: DatabaseSync;
  readonly #known: boolean;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#known = tablesIn(database).has('old_commits');
  }

  /** Returns the present id of a commit. */
  presentId(id: string): string {
    if (!this.#known) return id;
    const found = this.#database.prepare('SELECT new FROM old_commits WHERE old = ?').get(id);
    return found === undefined ? id : row.parse(found).new;
  }
}
