import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Name of the lock's file in a data folder. It stays empty: only the lock on it matters. */
export const LOCK_FILE = 'desk.lock.sqlite';

/**
 * The lock of a data folder, which only one process can hold. SQLite does the locking, on every operating system. An
 * open transaction holds the lock, so it is released when the process exits, even after a crash. The file stays and has
 * no meaning without the lock.
 */
export class FolderLock {
  readonly #held: DatabaseSync;

  private constructor(held: DatabaseSync) {
    this.#held = held;
  }

  /** Takes the lock of an existing data folder. @returns undefined if another process holds the lock. */
  static take(data: string): FolderLock | undefined {
    const held = new DatabaseSync(join(data, LOCK_FILE));
    try {
      // Nothing is ever written to the file, so no rollback journal is needed.
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
