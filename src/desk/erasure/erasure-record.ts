import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** A photo that is withdrawn, and when its original is to be erased. */
export interface ErasureRequest {
  /** Path of the entry's file. */
  entry: string;
  /** File name of the photo in the entry. */
  src: string;
  /** Id of the git blob of the photo's file: the pointer to the original. */
  blob: string;
  /** When the original is erased, ISO 8601. */
  due: string;
  /** Login and name of the person who withdrew the photo or chose the erasure. */
  login: string;
  name: string;
  /** The reason of the withdrawal. */
  why: string;
}

/** A photo that was erased, as it is recorded: by hash, and never what it showed. */
export interface ErasedPhoto {
  hash: string;
  blob: string;
  entry: string;
  login: string;
  name: string;
  /** When the photo was erased, ISO 8601. */
  at: string;
  why: string;
}

const request = z.object({
  entry: z.string(),
  src: z.string(),
  blob: z.string(),
  due: z.string(),
  login: z.string(),
  name: z.string(),
  why: z.string(),
});
const erased = z.object({
  hash: z.string(),
  blob: z.string(),
  entry: z.string(),
  login: z.string(),
  name: z.string(),
  at: z.string(),
  why: z.string(),
});

/**
 * The tables of erasures in the desk's database. `erasures` is the lasting record. `done` is 0 from just before the
 * first thing is removed until everything is removed, so that an erasure that a kill has interrupted is completed.
 */
export class ErasureRecord {
  readonly #database: DatabaseSync;

  /** Creates the tables if they are missing. */
  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(`
      CREATE TABLE IF NOT EXISTS erasure_requests (
        entry TEXT NOT NULL, src TEXT NOT NULL, blob TEXT NOT NULL, due TEXT NOT NULL,
        login TEXT NOT NULL, name TEXT NOT NULL, why TEXT NOT NULL, PRIMARY KEY (entry, src, blob)
      );
      CREATE TABLE IF NOT EXISTS erasures (
        hash TEXT NOT NULL, blob TEXT NOT NULL, entry TEXT NOT NULL, login TEXT NOT NULL, name TEXT NOT NULL,
        at TEXT NOT NULL, why TEXT NOT NULL, done INTEGER NOT NULL, PRIMARY KEY (hash, entry)
      );
    `);
  }

  /** Adds a request; a request for the same file of the same entry stays as it is. */
  request({ entry, src, blob, due, login, name, why }: ErasureRequest): void {
    this.#database
      .prepare('INSERT OR IGNORE INTO erasure_requests VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(entry, src, blob, due, login, name, why);
  }

  /** Returns all requests, the earliest first. */
  requests(): ErasureRequest[] {
    const rows = this.#database.prepare('SELECT * FROM erasure_requests ORDER BY due, entry, src').all();
    return rows.map((row) => request.parse(row));
  }

  /** Deletes a request. */
  settle({ entry, src, blob }: Pick<ErasureRequest, 'entry' | 'src' | 'blob'>): void {
    this.#database
      .prepare('DELETE FROM erasure_requests WHERE entry = ? AND src = ? AND blob = ?')
      .run(entry, src, blob);
  }

  /** Records that a photo is about to be erased. */
  begin({ hash, blob, entry, login, name, at, why }: ErasedPhoto): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO erasures VALUES (?, ?, ?, ?, ?, ?, ?, 0)')
      .run(hash, blob, entry, login, name, at, why);
  }

  /** Records that everything of a photo is removed. */
  complete(hash: string): void {
    this.#database.prepare('UPDATE erasures SET done = 1 WHERE hash = ?').run(hash);
  }

  /** Returns the photos whose erasure began and was not completed. */
  unfinished(): ErasedPhoto[] {
    return this.#read('WHERE done = 0');
  }

  /** Returns all erased photos, the earliest first. */
  all(): ErasedPhoto[] {
    return this.#read('');
  }

  /** Deletes the rows of uploads with these bytes: nobody can use the upload any more. */
  forgetUploads(hash: string): void {
    this.#database.prepare('DELETE FROM uploads WHERE hash = ?').run(hash);
    this.#database.exec(
      'DELETE FROM uploaders WHERE NOT EXISTS (SELECT 1 FROM uploads WHERE uploads.src = uploaders.src)',
    );
  }

  #read(condition: string): ErasedPhoto[] {
    const rows = this.#database
      .prepare(`SELECT hash, blob, entry, login, name, at, why FROM erasures ${condition} ORDER BY at, hash`)
      .all();
    return rows.map((row) => erased.parse(row));
  }
}

/**
 * Returns the hashes of all erased photos in a desk's database; none if the database is of a version without erasures.
 * For backups, which list them, and for restoring, which leaves these originals out.
 */
export function erasedHashes(database: DatabaseSync): Set<string> {
  const table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'erasures'";
  if (!database.prepare(table).get()) return new Set();
  const rows = database.prepare('SELECT DISTINCT hash FROM erasures').all();
  return new Set(rows.map(({ hash }) => String(hash)));
}
