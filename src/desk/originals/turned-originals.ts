import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

/** An original by its SHA-256, hexadecimal, with the id of the git blob of the photo. */
export interface PhotoOriginal {
  hash: string;
  blob: string;
}

const row = z.object({ hash: z.string(), blob: z.string() });

/**
 * Records which originals were made by turning another one: the table `originals_turned`. Such originals show the same
 * picture. Rows are never deleted: two turned originals stay related if the one between them is deleted.
 */
export class TurnedOriginals {
  readonly #database: DatabaseSync;

  /** Creates the table if it is missing. */
  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(`
      CREATE TABLE IF NOT EXISTS originals_turned (
        hash TEXT NOT NULL, blob TEXT NOT NULL, source TEXT NOT NULL, source_blob TEXT NOT NULL,
        PRIMARY KEY (hash, source)
      );
    `);
  }

  /** Records that an original was made by turning `source`. */
  note({ hash, blob }: PhotoOriginal, source: PhotoOriginal): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO originals_turned VALUES (?, ?, ?, ?)')
      .run(hash, blob, source.hash, source.blob);
  }

  /**
   * Returns all other originals with the same picture as an original: those that it was made of, those that were made
   * of it, and so on in both directions. They are in ascending order of their hashes.
   */
  relativesOf(hash: string): PhotoOriginal[] {
    const rows = this.#database
      .prepare(
        `WITH RECURSIVE
           pairs (hash, other, blob) AS (
             SELECT hash, source, source_blob FROM originals_turned
             UNION SELECT source, hash, blob FROM originals_turned
           ),
           family (hash) AS (
             SELECT ? UNION SELECT pairs.other FROM family JOIN pairs ON pairs.hash = family.hash
           )
         SELECT DISTINCT pairs.other AS hash, pairs.blob AS blob FROM family JOIN pairs ON pairs.hash = family.hash
         WHERE pairs.other <> ? ORDER BY pairs.other, pairs.blob`,
      )
      .all(hash, hash);
    return rows.map((found) => row.parse(found));
  }
}
