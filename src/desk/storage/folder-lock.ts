import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The lock's file in a data folder. It stays empty: only the lock on it matters. */
export const LOCK_FILE = 'desk.lock.sqlite';

/**
 * The lock of a data folder, which one process holds. SQLite does the locking, on every system: a transaction that
 * stays open holds the lock, so that it is released with the process, however that ends. The file stays; it means
 * nothing.
 */
export class FolderLock {
  readonly #held: DatabaseSync;

  private constructor(held: DatabaseSync) {
    this.#held = held;
  }

  /** Takes the lock of an existing data folder. @returns undefined if another process holds it. */
  static take(data: string): FolderLock | undefined {
    const held = new DatabaseSync(join(data, LOCK_FILE));
    try {
      // Nothing is ever written, so no rollback journal is needed.
      held.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
      return new FolderLock(held);
    } catch (error) {
      held.close();
      if (error instanceof Error && /locked/u.test(error.message)) return undefined;
      throw error;
    }
  }

  release(): void {
    this.#held.close();
  }
}
