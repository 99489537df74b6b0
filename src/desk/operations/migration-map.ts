import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { OriginalName } from '../originals/pointer.ts';

/** A migrated photo: the blob of the pointer, and the original. */
interface MigratedPhoto extends OriginalName {
  blob: string;
}

const photoRow = z.object({
  old: z.string(),
  new: z.string(),
  hash: z.string(),
  size: z.number(),
  verified: z.number(),
});
const idRow = z.object({ old: z.string(), new: z.string() });

/**
 * New ids by old ids of everything that a migration has rewritten, stored in a file, so that the next run continues one
 * that was killed. The entries stay correct if the desk writes between two runs, because the same id always means the
 * same content.
 */
export class MigrationMap {
  readonly photos = new Map<string, MigratedPhoto>();
  /** New ids of commits by old ids. */
  readonly commits = new Map<string, string>();
  /** New ids of trees. The keys are those of `treeKey` in history-rewrite.ts. */
  readonly trees = new Map<string, string>();
  readonly #verified = new Set<string>();
  readonly #database: DatabaseSync;
  /** Entries that `save` will write to the file: the repository does not contain their objects yet. */
  #waiting: { table: 'commits' | 'trees'; old: string; id: string }[] = [];
  #photosWaiting: { old: string; photo: MigratedPhoto }[] = [];

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS photos (
        old TEXT PRIMARY KEY, new TEXT NOT NULL, hash TEXT NOT NULL, size INTEGER NOT NULL,
        verified INTEGER NOT NULL DEFAULT 0
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS commits (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS trees (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID;
    `);
    for (const row of this.#database.prepare('SELECT * FROM photos').iterate()) {
      const { old, new: blob, hash, size, verified } = photoRow.parse(row);
      this.photos.set(old, { blob, hash, size });
      if (verified === 1) this.#verified.add(old);
    }
    for (const table of ['commits', 'trees'] as const) {
      for (const row of this.#database.prepare(`SELECT old, new FROM ${table}`).iterate()) {
        const found = idRow.parse(row);
        this[table].set(found.old, found.new);
      }
    }
  }

  /** Adds a photo that was stored. It counts as not verified, also if it was verified before. */
  addPhoto(old: string, photo: MigratedPhoto): void {
    this.photos.set(old, photo);
    this.#verified.delete(old);
    this.#photosWaiting.push({ old, photo });
  }

  add(table: 'commits' | 'trees', old: string, id: string): void {
    this[table].set(old, id);
    this.#waiting.push({ table, old, id });
  }

  /** Writes the added entries to the file. Their objects must be in the repository. */
  save(): void {
    this.#database.exec('BEGIN');
    const photo = this.#database.prepare('INSERT OR REPLACE INTO photos VALUES (?, ?, ?, ?, 0)');
    for (const { old, photo: found } of this.#photosWaiting.splice(0)) {
      photo.run(old, found.blob, found.hash, found.size);
    }
    const statements = {
      commits: this.#database.prepare('INSERT OR REPLACE INTO commits VALUES (?, ?)'),
      trees: this.#database.prepare('INSERT OR REPLACE INTO trees VALUES (?, ?)'),
    };
    for (const { table, old, id } of this.#waiting.splice(0)) statements[table].run(old, id);
    this.#database.exec('COMMIT');
  }

  isVerified(old: string): boolean {
    return this.#verified.has(old);
  }

  noteVerified(old: string): void {
    this.#verified.add(old);
    this.#database.prepare('UPDATE photos SET verified = 1 WHERE old = ?').run(old);
  }

  close(): void {
    this.#database.close();
  }
}
