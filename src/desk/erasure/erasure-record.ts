import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** The request to erase the original of a withdrawn photo. */
export interface ErasureRequest {
  /** Path of the entry's file. */
  entry: string;
  /** File name of the photo in the entry. */
  src: string;
  /** Id of the git blob of the photo's file, which is the pointer to the original. */
  blob: string;
  /** Time from which the original may be erased, ISO 8601. */
  due: string;
  /** Login and name of the person who withdrew the photo; empty if unknown. */
  login: string;
  name: string;
  /** The reason of the withdrawal. */
  why: string;
}

/** The record of an erased photo. It never says what the photo showed. */
export interface ErasedPhoto {
  /** SHA-256 of the original's bytes, hexadecimal. */
  hash: string;
  /** Id of the git blob that points to the original. */
  blob: string;
  /** Path of the entry's file. */
  entry: string;
  /** Login and name of the person who erased the photo, or who withdrew it if it was erased by itself. */
  login: string;
  name: string;
  /** When the erasure began, ISO 8601. */
  at: string;
  /** The reason of the withdrawal. */
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
 * The tables of erasures in the desk's database. `erasures` is the permanent record. Its column `done` is 0 from just
 * before the first copy is removed until all copies are removed, so that an erasure that a kill has interrupted can be
 * completed.
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

  /** Adds a request. Does nothing if there is a request for the same blob under the same name in the same entry. */
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

  /** Records in one write that photos are about to be erased. At least one photo is required. */
  begin(...photos: ErasedPhoto[]): void {
    const rows = photos.map(() => '(?, ?, ?, ?, ?, ?, ?, 0)').join(', ');
    const values = photos.map(({ hash, blob, entry, login, name, at, why }) => [
      hash,
      blob,
      entry,
      login,
      name,
      at,
      why,
    ]);
    this.#database.prepare(`INSERT OR REPLACE INTO erasures VALUES ${rows}`).run(...values.flat());
  }

  /** Records that all copies of a photo are removed, and deletes all requests for the photo. */
  complete({ hash, blob }: ErasedPhoto): void {
    // In this order: after a kill between the two, the erasure is completed again.
    this.#database.prepare('DELETE FROM erasure_requests WHERE blob = ?').run(blob);
    this.#database.prepare('UPDATE erasures SET done = 1 WHERE hash = ?').run(hash);
  }

  /** Returns the photos whose erasure began but is not complete. */
  unfinished(): ErasedPhoto[] {
    return this.#read('WHERE done = 0');
  }

  /** Returns all photos whose erasure began, the earliest first. */
  all(): ErasedPhoto[] {
    return this.#read('');
  }

  /** Deletes the uploads with these bytes, so that no entry can use them any more. */
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

/** Returns whether a desk's database has a table of erasures; versions without erasures made none. */
function hasErasures(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'erasures'").get() !== undefined;
}

/** Returns when (ISO 8601) and why the photo with a hash was erased, or undefined if it was not. */
export function erasureOf(database: DatabaseSync, hash: string): Pick<ErasedPhoto, 'at' | 'why'> | undefined {
  if (!hasErasures(database)) return undefined;
  const row = database.prepare('SELECT at, why FROM erasures WHERE hash = ? ORDER BY at DESC').get(hash);
  return row && erased.pick({ at: true, why: true }).parse(row);
}

/**
 * Marks the erasure of the photo with a hash as incomplete, so that the next sweep makes it again: the photo was stored
 * while it was being erased.
 */
export function repeatErasure(database: DatabaseSync, hash: string): void {
  database.prepare('UPDATE erasures SET done = 0 WHERE hash = ?').run(hash);
}

/**
 * Returns the hashes of all erased photos in a desk's database; an empty set if the database was made by a version that
 * had no erasures. A backup must list these hashes, and a restore must leave their originals out.
 */
export function erasedHashes(database: DatabaseSync): Set<string> {
  if (!hasErasures(database)) return new Set();
  const rows = database.prepare('SELECT DISTINCT hash FROM erasures').all();
  return new Set(rows.map(({ hash }) => String(hash)));
}
