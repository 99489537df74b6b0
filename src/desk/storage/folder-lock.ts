import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The lock's file in a data folder. It holds nothing: only who has it locked matters. */
export const LOCK_FILE = 'desk.lock.sqlite';

/**
 * A data folder that one process has alone. SQLite does the locking, as it does on every system; a transaction that is
 * never ended holds it, so it goes with the process, however that ends. The file stays: it is no sign of anything.
 */
export class FolderLock {
  readonly #held: DatabaseSync;

  private constructor(held: DatabaseSync) {
    this.#held = held;
  }

  /** Takes the lock of a data folder, which must exist. Undefined: another process has it. */
  static take(data: string): FolderLock | undefined {
    const held = new DatabaseSync(join(data, LOCK_FILE));
    try {
      // Nothing is ever written, so there is nothing to take back.
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
