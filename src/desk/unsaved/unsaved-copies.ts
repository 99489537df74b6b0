import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { CollectionName } from '../../model/fields/collection-names.ts';

const DAY = 86_400_000;
/** How long a copy is kept after it was last written, in milliseconds. */
const KEEP_COPIES = 30 * DAY;
/** Most copies of one person. Another copy replaces the one that was written least recently. */
export const MOST_COPIES = 20;

const stored = z.object({
  id: z.string(),
  /** When the desk received the text, ISO 8601. */
  at: z.string(),
  /** How often the text had changed when it was sent: the larger of two numbers belongs to the later text. */
  revision: z.number(),
  /** Id of the version that the text started from; null for a new entry. */
  baseId: z.string().nullable(),
  /** The whole text of the entry's file. */
  text: z.string(),
  /** The last part of the path of a new entry, if the text does not contain it; otherwise empty. */
  key: z.string(),
  /** Random id of the browser, and the browser in words. */
  browser: z.string(),
  device: z.string(),
});

/** Unsaved work of a person on an entry. */
export type UnsavedCopy = z.output<typeof stored>;

/** The entry that a copy belongs to. `file` is the path of the entry's file; undefined for a new entry. */
export interface CopyPlace {
  collection: CollectionName;
  file: string | undefined;
}

const COLUMNS = 'id, at, revision, base AS baseId, text, key, browser, device';

/**
 * Unsaved work, which the editor sends every 30 s. A copy belongs to the person who wrote it and is visible to nobody
 * else. A copy is never a version of an entry: it makes no commit and no draft. A copy ends when the person saves the
 * entry or discards the copy, when the entry is deleted, and after 30 days.
 */
export class UnsavedCopies {
  readonly #database: DatabaseSync;
  readonly #now: () => Date;

  /** @param now returns the time that is written into the copies. */
  constructor(database: DatabaseSync, now: () => Date) {
    this.#database = database;
    this.#now = now;
    database.exec(`
      CREATE TABLE IF NOT EXISTS unsaved_copies (
        login TEXT NOT NULL, id TEXT NOT NULL, collection TEXT NOT NULL, file TEXT, at TEXT NOT NULL,
        revision INTEGER NOT NULL, base TEXT, text TEXT NOT NULL, key TEXT NOT NULL, browser TEXT NOT NULL,
        device TEXT NOT NULL, PRIMARY KEY (login, id)
      );
      CREATE INDEX IF NOT EXISTS unsaved_copies_by_file ON unsaved_copies (file);
    `);
  }

  /** Returns a person's copies of an entry, or of the new entries of a collection, the latest first. */
  of(login: string, { collection, file }: CopyPlace): UnsavedCopy[] {
    const rows = this.#database
      .prepare(
        `SELECT ${COLUMNS} FROM unsaved_copies WHERE login = ? AND collection = ? AND file IS ?
         ORDER BY at DESC, id`,
      )
      .all(login, collection, file ?? null);
    return rows.map((row) => stored.parse(row));
  }

  /**
   * Stores a copy; it replaces the earlier copy with the same id. Keeps the earlier copy if it has a later text, which
   * happens when requests arrive in another order. Then deletes the oldest copies of the person over MOST_COPIES.
   */
  keep(login: string, { collection, file }: CopyPlace, copy: Omit<UnsavedCopy, 'at'>): void {
    const { id, revision, baseId, text, key, browser, device } = copy;
    const at = this.#now().toISOString();
    this.#database
      .prepare(
        `INSERT INTO unsaved_copies (login, id, collection, file, at, revision, base, text, key, browser, device)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (login, id) DO UPDATE SET collection = excluded.collection, file = excluded.file,
           at = excluded.at, revision = excluded.revision, base = excluded.base, text = excluded.text,
           key = excluded.key, browser = excluded.browser, device = excluded.device
         WHERE excluded.revision >= revision`,
      )
      .run(login, id, collection, file ?? null, at, revision, baseId, text, key, browser, device);
    this.#database
      .prepare(
        `DELETE FROM unsaved_copies WHERE login = ? AND id IN (
           SELECT id FROM unsaved_copies WHERE login = ? AND id <> ? ORDER BY at DESC, id LIMIT -1 OFFSET ?)`,
      )
      .run(login, login, id, MOST_COPIES - 1);
  }

  /** Deletes some copies of a person. Ids without a copy are ignored. */
  drop(login: string, ids: readonly string[]): void {
    const drop = this.#database.prepare('DELETE FROM unsaved_copies WHERE login = ? AND id = ?');
    for (const id of ids) drop.run(login, id);
  }

  /**
   * Deletes a person's copies of an entry that the person has saved.
   * @param undecided ids of copies that were offered to the person, who has neither taken nor discarded them: these stay.
   */
  saved(login: string, file: string, undecided: readonly string[] = []): void {
    const rows = this.#database.prepare('SELECT id FROM unsaved_copies WHERE login = ? AND file = ?').all(login, file);
    const ids = rows.map(({ id }) => String(id));
    this.drop(
      login,
      ids.filter((id) => !undecided.includes(id)),
    );
  }

  /** Deletes everybody's copies of an entry. */
  removeEntry(file: string): void {
    this.#database.prepare('DELETE FROM unsaved_copies WHERE file = ?').run(file);
  }
}

/** Deletes the copies that were last written more than 30 days before `now`. Returns how many. */
export function expireUnsavedCopies(database: DatabaseSync, now: Date): number {
  const oldest = new Date(now.getTime() - KEEP_COPIES).toISOString();
  return Number(database.prepare('DELETE FROM unsaved_copies WHERE at < ?').run(oldest).changes);
}
