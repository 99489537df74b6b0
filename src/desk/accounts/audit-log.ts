import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const stored = z.object({
  id: z.number(),
  /** When the action was recorded, ISO 8601. */
  at: z.string(),
  login: z.string(),
  name: z.string(),
  /** What was done, in Chinese. */
  action: z.string(),
  /** What the action was about, such as the file of an entry, the name of a photo or an account; empty if nothing. */
  object: z.string(),
});

/** A recorded action: a row of the audit log. */
export type AuditAction = z.infer<typeof stored>;

/** The person who did something. `name` is empty if only the login is known, for example after a failed sign-in. */
export interface Actor {
  login: string;
  name: string;
}

/** The audit log: who signed in or changed something, and when. Rows are added, and never changed or deleted. */
export class AuditLog {
  readonly #database: DatabaseSync;
  readonly #onTrouble: (error: unknown) => void;

  /**
   * Creates the table if it is missing.
   * @param onTrouble receives the error if an action could not be recorded.
   */
  constructor(database: DatabaseSync, onTrouble: (error: unknown) => void) {
    this.#database = database;
    this.#onTrouble = onTrouble;
    database.exec(`CREATE TABLE IF NOT EXISTS audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, login TEXT NOT NULL, name TEXT NOT NULL,
      deed TEXT NOT NULL, object TEXT NOT NULL
    )`);
  }

  /**
   * Records an action that has been done. If the log cannot be written, for example because the disk is full, this
   * method does not throw: otherwise the response would say that the action failed.
   * @param object what the action was about. It is cut to 200 characters, and the login to 60.
   */
  record({ login, name }: Actor, action: string, object = ''): void {
    try {
      this.#database
        .prepare('INSERT INTO audit (at, login, name, deed, object) VALUES (?, ?, ?, ?, ?)')
        .run(new Date().toISOString(), login.slice(0, 60), name, action, object.slice(0, 200));
    } catch (error) {
      this.#onTrouble(error);
    }
  }

  /**
   * Returns at most `most` actions, newest first.
   * @param before id of an action: only actions older than this one are returned.
   */
  latest(most: number, before?: number): AuditAction[] {
    const rows = this.#database
      .prepare('SELECT id, at, login, name, deed AS action, object FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?')
      .all(before ?? Number.MAX_SAFE_INTEGER, most);
    return rows.map((row) => stored.parse(row));
  }
}
