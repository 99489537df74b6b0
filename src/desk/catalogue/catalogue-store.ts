import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { isCorruptDatabase, isDamagedDatabase, unusableCatalogue } from '../storage/damage.ts';
import { DatabaseFile, tablesIn } from '../storage/database.ts';
import { textList } from './columns.ts';
import type { EntryDescription } from './entry-description.ts';

/**
 * Version of the tables and of what `describeEntry` returns. Increase it with every change of either. A catalogue of
 * another version is deleted and made again.
 */
const VERSION = 2;
/** How long a statement waits for another process that has locked the database, in milliseconds. */
const TIMEOUT = 5000;

/** Which version of an entry a row describes: the published one (`main`) or the draft. */
export type Place = 'main' | 'draft';

/** A row of the table `entries`: one version of an entry. */
export interface CatalogueRow {
  place: Place;
  path: string;
  collection: string;
  key: string;
  /** Id of the blob with the entry's text. Empty if it could not be read, null if the version has no such file. */
  blob: string | null;
  description: EntryDescription;
  /** Code of the unit in the entry's path; null if paths of the collection have no unit. */
  pathUnit: string | null;
  /** `published` or `withdrawn` for a published version, a `DraftState` for a draft. */
  state: string;
  /**
   * When the version was last changed: date and time in China (`momentInChina`) for a draft, YYYY-MM-DD for a published
   * version (see `EntryDescription`).
   */
  changed: string;
  /**
   * The day (YYYY-MM-DD) from which the entry counts as a report, if the table `firstDays` has no day for it: the first
   * review of a draft, the first publication of a published version.
   */
  reported: string | null;
  /** Values from the last commit of a draft; undefined for a published version. */
  draft: DraftColumns | undefined;
}

/** Columns that only drafts have. */
export interface DraftColumns {
  commitId: string;
  tree: string;
  author: string;
  login: string;
  writers: readonly string[];
  submitted: string | null;
  returned: string | null;
  returnedBy: string | null;
}

const TABLES = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY, place TEXT NOT NULL, path TEXT NOT NULL, collection TEXT NOT NULL, key TEXT NOT NULL,
    blob TEXT, title TEXT NOT NULL, pathUnit TEXT, unit TEXT, activities TEXT NOT NULL, date TEXT NOT NULL,
    period TEXT, shown TEXT NOT NULL, state TEXT NOT NULL, changed TEXT NOT NULL, reported TEXT, people TEXT NOT NULL,
    commitId TEXT, tree TEXT, author TEXT, login TEXT, writers TEXT, submitted TEXT, returned TEXT, returnedBy TEXT,
    writer TEXT, withdrawal TEXT,
    UNIQUE (path, place)
  );
  CREATE INDEX IF NOT EXISTS entriesByDate ON entries (collection, date, path);
  CREATE INDEX IF NOT EXISTS entriesByChange ON entries (
    collection, changed, path, place, state, returned, pathUnit, unit
  );
  CREATE INDEX IF NOT EXISTS entriesByPeriod ON entries (period, unit);
  CREATE INDEX IF NOT EXISTS entriesShown ON entries (place, state, shown);
  CREATE INDEX IF NOT EXISTS entriesOfUnit ON entries (unit, place, state, shown);
  CREATE TABLE IF NOT EXISTS activities (
    activity TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (activity, entry)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS firstDays (path TEXT PRIMARY KEY, day TEXT NOT NULL) WITHOUT ROWID;
  CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
    tokens, content = '', contentless_delete = 1, tokenize = 'ascii'
  );
`;

/** Names of the tables that `TABLES` creates, without those that SQLite creates for the full-text table `words`. */
const NAMES = ['state', 'entries', 'activities', 'firstDays', 'words'];

/** The error for a catalogue that has some of its tables but not all. */
class IncompleteCatalogue extends Error {}

/**
 * The database of the catalogue, in a separate file: its content is made from git, so its damage must not close the
 * desk, and it needs no backup. If the file is missing, replaced, damaged or of another version, an empty one is
 * created.
 */
export class CatalogueStore {
  readonly #path: string;
  /** How many times the catalogue was emptied since this object was created. */
  emptied = 0;
  #open: { database: DatabaseSync; file: DatabaseFile } | undefined;

  /**
   * Opens the catalogue in the file `path`. This process must hold the lock of the data folder.
   * @throws Damage 503 if the file can neither be opened nor be created again.
   */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#open = this.#create();
      if (this.noted('version') === String(VERSION)) return;
    } catch (error) {
      if (!isDamagedDatabase(error) && !(error instanceof IncompleteCatalogue)) throw error;
    }
    try {
      this.reset();
    } catch (error) {
      throw isDamagedDatabase(error) ? unusableCatalogue(dirname(path)) : error;
    }
  }

  get database(): DatabaseSync {
    if (!this.#open) throw new Error('The catalogue is closed.');
    return this.#open.database;
  }

  /** Empties the catalogue if its file was replaced or deleted since it was opened. */
  requirePlace(): void {
    if (this.#open?.file.isInPlace() !== true) this.reset();
  }

  /** Deletes the file of the catalogue and creates an empty catalogue. */
  reset(): void {
    this.emptied += 1;
    this.close();
    for (const ending of ['', '-wal', '-shm']) rmSync(this.#path + ending, { recursive: true, force: true });
    this.#open = this.#create();
  }

  /** Runs `work` in a transaction and returns its result. If `work` throws, nothing is changed. */
  transaction<Result>(work: () => Result): Result {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Returns a value that was stored with `note`, for example the commit of main that the catalogue shows. */
  noted(name: string): string | undefined {
    const value = this.database.prepare('SELECT value FROM state WHERE name = ?').get(name)?.['value'];
    return typeof value === 'string' ? value : undefined;
  }

  /** Stores a value under a name; undefined deletes it. */
  note(name: string, value: string | undefined): void {
    if (value === undefined) this.database.prepare('DELETE FROM state WHERE name = ?').run(name);
    else this.database.prepare('INSERT OR REPLACE INTO state VALUES (?, ?)').run(name, value);
  }

  /** Stores a version of an entry and replaces the stored one. Words are written only if the text has changed. */
  put(row: CatalogueRow): void {
    const { place, path, description, draft } = row;
    const { title, unit = null, period = null, activities, date, published, people, words } = description;
    const { writer = null, withdrawal = null } = description;
    const stored = this.database.prepare('SELECT id, blob FROM entries WHERE path = ? AND place = ?').get(path, place);
    const isSameText = stored !== undefined && row.blob !== null && row.blob !== '' && stored['blob'] === row.blob;
    if (!isSameText) this.remove(place, path);
    const id = isSameText ? Number(stored['id']) : null;
    const { lastInsertRowid } = this.database
      .prepare(
        `INSERT OR REPLACE INTO entries VALUES (
          ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
        )`,
      )
      .run(
        ...[id, place, path, row.collection, row.key, row.blob, title, row.pathUnit, unit, JSON.stringify(activities)],
        ...[date, period, published ?? date, row.state, row.changed, row.reported, JSON.stringify(people)],
        ...[draft?.commitId ?? null, draft?.tree ?? null, draft?.author ?? null, draft?.login ?? null],
        ...[draft ? JSON.stringify(draft.writers) : null, draft?.submitted ?? null],
        ...[draft?.returned ?? null, draft?.returnedBy ?? null, writer, withdrawal],
      );
    if (isSameText) return;
    this.database.prepare('INSERT INTO words (rowid, tokens) VALUES (?, ?)').run(lastInsertRowid, words);
    for (const activity of activities) {
      this.database.prepare('INSERT OR IGNORE INTO activities VALUES (?, ?)').run(activity, lastInsertRowid);
    }
  }

  /** Deletes a version of an entry, if it is stored. */
  remove(place: Place, path: string): void {
    const stored = this.database
      .prepare('SELECT id, activities FROM entries WHERE path = ? AND place = ?')
      .get(path, place);
    if (!stored) return;
    const id = Number(stored['id']);
    this.database.prepare('DELETE FROM words WHERE rowid = ?').run(id);
    for (const activity of textList.parse(stored['activities'])) {
      this.database.prepare('DELETE FROM activities WHERE activity = ? AND entry = ?').run(activity, id);
    }
    this.database.prepare('DELETE FROM entries WHERE id = ?').run(id);
  }

  close(): void {
    this.#open?.database.close();
    this.#open?.file.close();
    this.#open = undefined;
  }

  #create(): { database: DatabaseSync; file: DatabaseFile } {
    const database = new DatabaseSync(this.#path, { timeout: TIMEOUT });
    try {
      const there = tablesIn(database);
      // If only the missing table were created, it would be empty although the others say that all is stored.
      if (there.size > 0 && NAMES.some((name) => !there.has(name))) throw new IncompleteCatalogue();
      database.exec(TABLES);
      database.prepare("INSERT OR IGNORE INTO state VALUES ('version', ?)").run(String(VERSION));
      return { database, file: new DatabaseFile(this.#path) };
    } catch (error) {
      database.close();
      throw error;
    }
  }
}

/**
 * Returns whether an error means that the file of the catalogue is damaged, lacks a part, or has values that cannot be
 * parsed.
 */
export function isUnusable(error: unknown): boolean {
  if (error instanceof z.ZodError || error instanceof SyntaxError || isCorruptDatabase(error)) return true;
  return error instanceof Error && /no such (?:table|column|index)|vtable constructor failed/u.test(error.message);
}
