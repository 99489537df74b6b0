import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const stored = z.object({
  id: z.number(),
  /** ISO 8601. */
  at: z.string(),
  login: z.string(),
  name: z.string(),
  /** What was done, in Chinese. */
  deed: z.string(),
  /** To what: an entry, an account; empty: nothing in particular. */
  object: z.string(),
});

/** Something that somebody did at the desk. */
export type AuditAction = z.infer<typeof stored>;

/** Who did something, as far as it is known. */
export interface Actor {
  login: string;
  name: string;
}

/** Every sign-in and every change, by whom and when. Lines are only ever added. */
export class AuditLog {
  readonly #database: DatabaseSync;
  readonly #onTrouble: (error: unknown) => void;

  /** `onTrouble` hears of a deed that could not be noted. */
  constructor(database: DatabaseSync, onTrouble: (error: unknown) => void) {
    this.#database = database;
    this.#onTrouble = onTrouble;
    database.exec(`CREATE TABLE IF NOT EXISTS audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, login TEXT NOT NULL, name TEXT NOT NULL,
      deed TEXT NOT NULL, object TEXT NOT NULL
    )`);
  }

  /** Notes what was done. It is done: where it cannot be noted (full disk), nobody is told that it was not. */
  note({ login, name }: Actor, deed: string, object = ''): void {
    try {
      this.#database
        .prepare('INSERT INTO audit (at, login, name, deed, object) VALUES (?, ?, ?, ?, ?)')
        .run(new Date().toISOString(), login.slice(0, 60), name, deed, object.slice(0, 200));
    } catch (error) {
      this.#onTrouble(error);
    }
  }

  /** The latest deeds before one (undefined: of all), newest first, at most `most`. */
  latest(most: number, before?: number): AuditAction[] {
    const rows = this.#database
      .prepare('SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?')
      .all(before ?? Number.MAX_SAFE_INTEGER, most);
    return rows.map((row) => stored.parse(row));
  }
}
