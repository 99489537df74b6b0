import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const stored = z.object({
  id: z.number(),
  /** ISO 8601. */
  at: z.string(),
  login: z.string(),
  name: z.string(),
  /** The action, in Chinese. */
  action: z.string(),
  /** The entry or account that the action was about; empty for others. */
  object: z.string(),
});

/** An action at the desk: a row of the audit log. */
export type AuditAction = z.infer<typeof stored>;

/** The person behind an action; the name is empty if it is not known. */
export interface Actor {
  login: string;
  name: string;
}

/** The log of every sign-in and every change, with person and time. Rows are only added. */
export class AuditLog {
  readonly #database: DatabaseSync;
  readonly #onTrouble: (error: unknown) => void;

  /** `onTrouble` receives the error if an action could not be noted. */
  constructor(database: DatabaseSync, onTrouble: (error: unknown) => void) {
    this.#database = database;
    this.#onTrouble = onTrouble;
    database.exec(`CREATE TABLE IF NOT EXISTS audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, login TEXT NOT NULL, name TEXT NOT NULL,
      deed TEXT NOT NULL, object TEXT NOT NULL
    )`);
  }

  /**
   * Notes an action that is done. If that fails (full disk), the request still succeeds: saying it failed would be
   * wrong.
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

  /** Returns at most `most` actions, newest first, older than the action with id `before` if that is given. */
  latest(most: number, before?: number): AuditAction[] {
    const rows = this.#database
      .prepare('SELECT id, at, login, name, deed AS action, object FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?')
      .all(before ?? Number.MAX_SAFE_INTEGER, most);
    return rows.map((row) => stored.parse(row));
  }
}
