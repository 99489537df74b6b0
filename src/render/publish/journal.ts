import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { entryAt } from '../../model/entry-path.ts';
import type { Fault } from '../../model/fault.ts';
import { fingerprint } from '../../library/content/fingerprint.ts';
import type { TextStore, Version } from '../../library/content/version.ts';
import type { ResultFingerprint, QueryKey } from '../../library/queries/dependency-tracking.ts';
import type { DocumentFacts } from '../../search/index/documents.ts';
import { checkedVersion, ownVersion, row, storedDocuments, storedFaults, strings } from './journal-rows.ts';

/**
 * A page in the output: the dependency key for which it exists (`owner`), the fingerprint of its content, and the
 * queries that it runs.
 */
export interface RenderedPage {
  owner: string;
  fingerprint: string;
  queries: readonly QueryKey[];
}

/** Changes that are written in one transaction. The value `undefined` deletes a row. */
export interface JournalEntry {
  files: ReadonlyMap<string, string | undefined>;
  /** Published versions, by dependency key of the entry. */
  versions: ReadonlyMap<string, Version | undefined>;
  /** Faults, by path of the file. */
  faults: ReadonlyMap<string, readonly Fault[] | undefined>;
  /** Pages, by URL path. */
  pages: ReadonlyMap<string, RenderedPage | undefined>;
  fingerprints: ReadonlyMap<QueryKey, ResultFingerprint | undefined>;
}

/**
 * The search documents of a page. They were read from a version of the page's content; `fingerprint` is the fingerprint
 * of that content.
 */
export interface PageDocuments {
  fingerprint: string;
  documents: readonly DocumentFacts[];
}

/**
 * A poster in the output: the fingerprint of everything from which it was drawn (`version`), and the stamp of its file.
 */
export interface PosterFile {
  version: string;
  stamp: string;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, stamp TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS hashes (path TEXT PRIMARY KEY, stamp TEXT NOT NULL, hash TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS entries (cell TEXT PRIMARY KEY, version TEXT NOT NULL, text TEXT NOT NULL, print TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS texts (fingerprint TEXT PRIMARY KEY, source TEXT NOT NULL, print TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS faults (file TEXT PRIMARY KEY, faults TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS pages (address TEXT PRIMARY KEY, owner TEXT NOT NULL, fingerprint TEXT NOT NULL, questions TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS documents (address TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, documents TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS posters (address TEXT PRIMARY KEY, print TEXT NOT NULL, stamp TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS prints (question TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, cells TEXT NOT NULL) WITHOUT ROWID;
`;
/**
 * Number of the journal's format. Raise it whenever the meaning of the tables changes: a journal of another format is
 * deleted and created again.
 */
const FORMAT = 5;

/**
 * SQLite's result codes for a file that is damaged (CORRUPT, 11), cannot be opened (CANTOPEN, 14) or is not a database
 * (NOTADB, 26).
 */
const DAMAGED: ReadonlySet<unknown> = new Set([11, 14, 26]);

/** Name of the stored value which says that a text was found damaged, so that the next process starts a new journal. */
const FOUND_DAMAGED = 'damaged';

/** The error for a journal that can be opened but whose content cannot be used. */
class Unusable extends Error {}

/** Message for editors, if a text turns out to be damaged while pages are rendered. */
const DAMAGED_TEXT =
  '网页的记录（journal.sqlite）有一处损坏。请管理员重新启动编辑台：这份记录会自动重做，只费时间，不丢内容。';

const count = z.object({ user_version: z.number() });
const verdict = z.object({ quick_check: z.string() });

/** Returns the names and SQL of the tables of a database, as JSON. */
function tablesOf(database: DatabaseSync): string {
  const made = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  return JSON.stringify(made);
}

/** Returns what `tablesOf` returns for a new journal. */
function expectedTables(): string {
  const model = new DatabaseSync(':memory:');
  try {
    model.exec(SCHEMA);
    return tablesOf(model);
  } finally {
    model.close();
  }
}

/**
 * Opens a journal, or creates it if the file does not exist.
 *
 * @throws Unusable if the journal is damaged or has another format; SQLite's error if it cannot be opened.
 */
function openedAsItIs(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    const { user_version: format } = count.parse(database.prepare('PRAGMA user_version').get());
    if (tablesOf(database) !== '[]') {
      const { quick_check: found } = verdict.parse(database.prepare('PRAGMA quick_check(1)').get());
      if (found !== 'ok') throw new Unusable(found);
      if (format !== FORMAT || tablesOf(database) !== expectedTables()) throw new Unusable('other tables');
      if (database.prepare('SELECT value FROM meta WHERE name = ?').get(FOUND_DAMAGED)) throw new Unusable('a text');
    }
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA user_version = ${FORMAT}; ${SCHEMA}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Returns whether an error means that the journal, or a value read from it, is not what was written. A lock of another
 * process and a full disk do not mean that.
 */
export function isUnusable(error: unknown): boolean {
  if (error instanceof Unusable || error instanceof SyntaxError || error instanceof z.ZodError) return true;
  return error instanceof Error && 'errcode' in error && DAMAGED.has(primary(error.errcode));
}

/** Returns SQLite's primary result code for an extended result code; undefined if `code` is not a number. */
function primary(code: unknown): number | undefined {
  return typeof code === 'number' ? code & 0xff : undefined;
}

/**
 * Opens a journal. A journal that is damaged or has another format is deleted and created again: that costs only time.
 *
 * @throws SQLite's error if the journal cannot be opened for another reason.
 */
function opened(path: string): DatabaseSync {
  try {
    return openedAsItIs(path);
  } catch (error) {
    if (!isUnusable(error)) throw error;
    removeJournal(path);
    return openedAsItIs(path);
  }
}

/** Deletes a journal's file and the files that SQLite keeps beside it. */
export function removeJournal(path: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(path + ending, { recursive: true, force: true });
}

/**
 * The journal: one SQLite file that stores, for each page, the query results from which it was rendered. From the
 * journal, a new process finds the pages that a change affects. The journal is consistent even if the process is
 * killed. It also stores the text of every published entry, so that an entry can still be rendered if its file now has
 * faults. If the journal is deleted, creating it again costs time, and the stored texts of such entries are lost.
 */
export class Journal implements TextStore {
  readonly #database: DatabaseSync;
  readonly #staged = new Map<string, string>();
  #damage: Error | undefined;

  constructor(path: string) {
    this.#database = opened(path);
  }

  close(): void {
    this.#database.close();
  }

  /** The error that `get` has thrown for a damaged text, in words for editors; undefined if there was none. */
  get damage(): Error | undefined {
    return this.#damage;
  }

  /**
   * Returns a stored value by its name, for example the code version with which the pages were rendered; undefined if
   * there is none.
   */
  meta(name: string): string | undefined {
    const found = this.#database.prepare('SELECT value FROM meta WHERE name = ?').get(name);
    return found && row.meta.parse(found).value;
  }

  setMeta(name: string, value: string): void {
    this.#database.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)').run(name, value);
  }

  /** Holds texts in memory, by fingerprint, so that get() finds them before record() stores them. */
  stage(texts: ReadonlyMap<string, string>): void {
    for (const [fingerprint, source] of texts) this.#staged.set(fingerprint, source);
  }

  /**
   * Returns the text with a fingerprint; undefined if there is none.
   * @throws Unusable if the text is not what was written. The next process then creates the journal again.
   */
  get(key: string): string | undefined {
    const staged = this.#staged.get(key);
    if (staged !== undefined) return staged;
    const found = this.#database.prepare('SELECT source, print FROM texts WHERE fingerprint = ?').get(key);
    if (!found) return undefined;
    const { source, print } = row.text.parse(found);
    if (print === fingerprint(source)) return source;
    this.setMeta(FOUND_DAMAGED, 'yes');
    this.#damage = new Unusable(DAMAGED_TEXT);
    throw this.#damage;
  }

  /** Returns the stored hash of a file (SHA-256, hexadecimal); undefined if none was stored for this path and stamp. */
  hashOf(path: string, stamp: string): string | undefined {
    const found = this.#database.prepare('SELECT stamp, hash FROM hashes WHERE path = ?').get(path);
    if (!found) return undefined;
    const known = row.hash.parse(found);
    return known.stamp === stamp ? known.hash : undefined;
  }

  setHash(path: string, stamp: string, hash: string): void {
    this.#database.prepare('INSERT OR REPLACE INTO hashes VALUES (?, ?, ?)').run(path, stamp, hash);
  }

  /**
   * Yields the published versions. If they were stored by another version of the code (`own` is false), they are checked
   * by the model, and those that no longer fit are left out.
   *
   * @throws Unusable if a version is not what was written. This check is needed because SQLite itself does not notice it
   * if single letters in its file change. Texts are checked when they are read.
   */
  *versions({ own }: { own: boolean }): Generator<Version> {
    for (const found of this.#database.prepare('SELECT version, print FROM entries').iterate()) {
      const { version, print } = row.version.parse(found);
      if (print !== fingerprint(version)) throw new Unusable('an entry is not what was written');
      const parsed: unknown = JSON.parse(version);
      const { entry, file, ...stored } = own ? ownVersion.parse(parsed) : checkedVersion(parsed);
      const address = entryAt(file);
      if (entry && address) yield { address, entry, ...stored };
    }
  }

  files(): Map<string, string> {
    const found = this.#database.prepare('SELECT path, stamp FROM files').all();
    return new Map(found.map((one) => row.file.parse(one)).map(({ path, stamp }) => [path, stamp] as const));
  }

  faults(): Map<string, Fault[]> {
    const found = this.#database.prepare('SELECT file, faults FROM faults').all();
    const parsed = found.map((one) => row.faults.parse(one));
    return new Map(parsed.map(({ file, faults }) => [file, storedFaults.parse(JSON.parse(faults))] as const));
  }

  pages(): Map<string, RenderedPage> {
    const found = this.#database.prepare('SELECT * FROM pages').all();
    return new Map(
      found
        .map((one) => row.page.parse(one))
        .map(({ address, questions, ...page }) => [
          address,
          { ...page, queries: strings.parse(JSON.parse(questions)) },
        ]),
    );
  }

  /** Returns the search documents of pages, by URL path. */
  documents(): Map<string, PageDocuments> {
    const found = this.#database.prepare('SELECT * FROM documents').all();
    return new Map(
      found
        .map((one) => row.documents.parse(one))
        .map(({ address, fingerprint, documents }) => [
          address,
          { fingerprint, documents: storedDocuments.parse(JSON.parse(documents)) },
        ]),
    );
  }

  /** Stores the search documents of pages, by URL path; undefined deletes those of a page. */
  setDocuments(pages: ReadonlyMap<string, PageDocuments | undefined>): void {
    this.#transaction(() => {
      this.#replace('documents', 'address', pages, ({ fingerprint, documents }) => [
        fingerprint,
        JSON.stringify(documents),
      ]);
    });
  }

  /** Returns the posters in the output, by URL path. */
  posters(): Map<string, PosterFile> {
    const found = this.#database.prepare('SELECT * FROM posters').all();
    return new Map(
      found
        .map((one) => row.poster.parse(one))
        .map(({ address, print, stamp }) => [address, { version: print, stamp }] as const),
    );
  }

  /** Stores a poster by its URL path; undefined deletes it. */
  setPoster(address: string, poster: PosterFile | undefined): void {
    this.#replace('posters', 'address', new Map([[address, poster]]), ({ version, stamp }) => [version, stamp]);
  }

  fingerprints(): Map<QueryKey, ResultFingerprint> {
    const found = this.#database.prepare('SELECT * FROM prints').all();
    return new Map(
      found
        .map((one) => row.print.parse(one))
        .map(({ question, fingerprint, cells }) => [
          question,
          { fingerprint, dependencies: strings.parse(JSON.parse(cells)) },
        ]),
    );
  }

  /**
   * Deletes the records of pages, search documents and query results, and keeps the published entries. Called if the
   * code version, the origin or the output folder has changed since the last run.
   */
  forgetPages(): void {
    this.#transaction(() => this.#database.exec('DELETE FROM pages; DELETE FROM documents; DELETE FROM prints;'));
  }

  /** Deletes the stamps and faults of all files, so that every file is read and checked again. */
  forgetFiles(): void {
    this.#transaction(() => this.#database.exec('DELETE FROM files; DELETE FROM faults;'));
  }

  /**
   * Writes changes in one transaction: all of them or, if an error is thrown, none.
   * @throws Unusable if a stored text is not what was written.
   */
  record({ files, versions, faults, pages, fingerprints }: JournalEntry): void {
    // Read before the transaction, which would also roll back that a text was found damaged.
    const sources = new Map(
      Array.from(versions.values(), (version) => [version?.text, version && this.get(version.text)] as const),
    );
    this.#transaction(() => {
      this.#replace('files', 'path', files, (stamp) => [stamp]);
      this.#replace('faults', 'file', faults, (list) => [JSON.stringify(list)]);
      this.#replace('pages', 'address', pages, (page) => [page.owner, page.fingerprint, JSON.stringify(page.queries)]);
      this.#replace('prints', 'question', fingerprints, (resultFingerprint) => [
        resultFingerprint.fingerprint,
        JSON.stringify(resultFingerprint.dependencies),
      ]);
      for (const [dependencyKey, version] of versions) {
        if (version) this.#putEntry(dependencyKey, version, sources.get(version.text) ?? '');
        else this.#dropEntry(dependencyKey);
      }
    });
    this.#staged.clear();
  }

  #replace<Value>(
    table: string,
    key: string,
    values: ReadonlyMap<string, Value | undefined>,
    columns: (value: Value) => string[],
  ): void {
    const drop = this.#database.prepare(`DELETE FROM ${table} WHERE ${key} = ?`);
    for (const [name, value] of values) {
      if (value === undefined) {
        drop.run(name);
        continue;
      }
      const rest = columns(value);
      const places = ['?', ...rest.map(() => '?')].join(', ');
      this.#database.prepare(`INSERT OR REPLACE INTO ${table} VALUES (${places})`).run(name, ...rest);
    }
  }

  #dropEntry(dependencyKey: string): void {
    this.#database
      .prepare('DELETE FROM texts WHERE fingerprint = (SELECT text FROM entries WHERE cell = ?)')
      .run(dependencyKey);
    this.#database.prepare('DELETE FROM entries WHERE cell = ?').run(dependencyKey);
  }

  #putEntry(dependencyKey: string, { address, entry, text, photos, photosPending }: Version, source: string): void {
    this.#dropEntry(dependencyKey);
    const version = JSON.stringify({ entry, text, file: address.file, photos, photosPending });
    this.#database
      .prepare('INSERT INTO entries VALUES (?, ?, ?, ?)')
      .run(dependencyKey, version, text, fingerprint(version));
    this.#database.prepare('INSERT OR REPLACE INTO texts VALUES (?, ?, ?)').run(text, source, fingerprint(source));
  }

  #transaction(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      // SQLite has already rolled back if the disk is full.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}
