import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { entryAt } from '../../model/entry-path.ts';
import type { Fault } from '../../model/fault.ts';
import { entryFromJson } from '../../model/rules.ts';
import { fingerprint } from '../../library/content/fingerprint.ts';
import type { TextStore, Version } from '../../library/content/version.ts';
import type { ResultFingerprint, QueryKey } from '../../library/queries/dependency-tracking.ts';
import type { DocumentFacts } from '../../search/index/documents.ts';
import { row, storedDocuments, storedFaults, storedVersion, strings } from './journal-rows.ts';

/** A page as it lies in the output: who owns it, what its bytes are, what was asked for it. */
export interface RenderedPage {
  owner: string;
  fingerprint: string;
  questions: readonly QueryKey[];
}

/** What has to be written down together; a value that is undefined is one that is gone. */
export interface JournalEntry {
  files: ReadonlyMap<string, string | undefined>;
  /** Versions shown, by cell. */
  versions: ReadonlyMap<string, Version | undefined>;
  /** Faults by file. */
  faults: ReadonlyMap<string, readonly Fault[] | undefined>;
  /** Pages by address. */
  pages: ReadonlyMap<string, RenderedPage | undefined>;
  prints: ReadonlyMap<QueryKey, ResultFingerprint | undefined>;
}

/** What can be found on a page, as long as its bytes are those of `fingerprint`. */
export interface PageDocuments {
  fingerprint: string;
  documents: readonly DocumentFacts[];
}

/** A poster as it lies in the output: what it was drawn from, and the stamp of its file. */
export interface PosterFile {
  print: string;
  stamp: string;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, stamp TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS hashes (path TEXT PRIMARY KEY, stamp TEXT NOT NULL, hash TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS entries (cell TEXT PRIMARY KEY, version TEXT NOT NULL, text TEXT NOT NULL, print TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS texts (fingerprint TEXT PRIMARY KEY, source TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS faults (file TEXT PRIMARY KEY, faults TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS pages (address TEXT PRIMARY KEY, owner TEXT NOT NULL, fingerprint TEXT NOT NULL, questions TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS documents (address TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, documents TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS posters (address TEXT PRIMARY KEY, print TEXT NOT NULL, stamp TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS prints (question TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, cells TEXT NOT NULL) WITHOUT ROWID;
`;
/** Grows whenever the meaning of the tables changes; a journal of another format is begun anew. */
const FORMAT = 4;

/** What SQLite answers where there is no file to open, or one that is damaged or not its own (CORRUPT, CANTOPEN, NOTADB). */
const DAMAGED: ReadonlySet<unknown> = new Set([11, 14, 26]);

/** A journal that was opened and cannot be used. */
class Unusable extends Error {}

const count = z.object({ user_version: z.number() });
const verdict = z.object({ quick_check: z.string() });

/** What an entry's row and its text are together. */
function entryPrint(version: string, source: string): string {
  return fingerprint(`${version}\n${source}`);
}

/** The tables of a database as they were made. */
function tablesOf(database: DatabaseSync): string {
  const made = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  return JSON.stringify(made);
}

/** The tables that there must be. */
function expectedTables(): string {
  const model = new DatabaseSync(':memory:');
  try {
    model.exec(SCHEMA);
    return tablesOf(model);
  } finally {
    model.close();
  }
}

/** Opens a journal, made where there is none. Throws an Unusable, or SQLite's error, where it is not in order. */
function openedAsItIs(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    const { user_version: format } = count.parse(database.prepare('PRAGMA user_version').get());
    if (tablesOf(database) !== '[]') {
      const { quick_check: found } = verdict.parse(database.prepare('PRAGMA quick_check(1)').get());
      if (found !== 'ok') throw new Unusable(found);
      if (format !== FORMAT || tablesOf(database) !== expectedTables()) throw new Unusable('other tables');
    }
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA user_version = ${FORMAT}; ${SCHEMA}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Whether an error says that a journal, or what is read from it, is not what was written; that somebody has it locked,
 * or the disk is full, does not say so.
 */
export function isUnusable(error: unknown): boolean {
  if (error instanceof Unusable || error instanceof SyntaxError || error instanceof z.ZodError) return true;
  return error instanceof Error && 'errcode' in error && DAMAGED.has(primary(error.errcode));
}

/** The primary result code in an extended one. */
function primary(code: unknown): number | undefined {
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** Opens a journal. One that is damaged, or of another format, is begun anew: that costs time only. */
function opened(path: string): DatabaseSync {
  try {
    return openedAsItIs(path);
  } catch (error) {
    if (!isUnusable(error)) throw error;
    removeJournal(path);
    return openedAsItIs(path);
  }
}

/** Removes a journal with the files that SQLite keeps beside it. */
export function removeJournal(path: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(path + ending, { recursive: true, force: true });
}

/**
 * What was rendered from what, in one SQLite file: it survives a kill at any moment, and with it a fresh process knows
 * which pages a change touches. It also keeps the text of every entry shown, so that one whose file has gone bad can
 * still be rendered. Deleting it loses nothing but time (and those last good texts).
 */
export class Journal implements TextStore {
  readonly #database: DatabaseSync;
  readonly #staged = new Map<string, string>();

  constructor(path: string) {
    this.#database = opened(path);
  }

  close(): void {
    this.#database.close();
  }

  /** A remembered setting, such as the code version the pages were rendered with. */
  meta(name: string): string | undefined {
    const found = this.#database.prepare('SELECT value FROM meta WHERE name = ?').get(name);
    return found && row.meta.parse(found).value;
  }

  setMeta(name: string, value: string): void {
    this.#database.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)').run(name, value);
  }

  /** Makes texts readable before the publish that needs them is written down. */
  stage(texts: ReadonlyMap<string, string>): void {
    for (const [fingerprint, source] of texts) this.#staged.set(fingerprint, source);
  }

  get(fingerprint: string): string | undefined {
    const staged = this.#staged.get(fingerprint);
    if (staged !== undefined) return staged;
    const found = this.#database.prepare('SELECT source FROM texts WHERE fingerprint = ?').get(fingerprint);
    return found && row.text.parse(found).source;
  }

  /** The hash of a file's bytes, if it was taken while the file had this stamp. */
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
   * The versions that were shown last. One that the model no longer accepts is left out. Throws an Unusable where a
   * version or its text is not what was written: SQLite does not notice a letter that is another one.
   */
  *versions(): Generator<Version> {
    const all = 'SELECT version, source, print FROM entries LEFT JOIN texts ON fingerprint = text';
    for (const found of this.#database.prepare(all).iterate()) {
      const { version, source, print } = row.version.parse(found);
      if (print !== entryPrint(version, source)) throw new Unusable('an entry is not what was written');
      const stored = storedVersion.parse(JSON.parse(version));
      const entry = entryFromJson(stored.entry);
      const address = entryAt(stored.file);
      if (entry && address) yield { address, entry, text: stored.text, photos: stored.photos };
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
          { ...page, questions: strings.parse(JSON.parse(questions)) },
        ]),
    );
  }

  /** What can be found on pages, by address. */
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

  /** Notes what can be found on some pages; undefined: the page is gone. */
  setDocuments(pages: ReadonlyMap<string, PageDocuments | undefined>): void {
    this.#transaction(() => {
      this.#replace('documents', 'address', pages, ({ fingerprint, documents }) => [
        fingerprint,
        JSON.stringify(documents),
      ]);
    });
  }

  /** Posters in the output, by address. */
  posters(): Map<string, PosterFile> {
    const found = this.#database.prepare('SELECT * FROM posters').all();
    return new Map(
      found
        .map((one) => row.poster.parse(one))
        .map(({ address, print, stamp }) => [address, { print, stamp }] as const),
    );
  }

  /** Notes a poster; undefined: it is gone. */
  setPoster(address: string, poster: PosterFile | undefined): void {
    this.#replace('posters', 'address', new Map([[address, poster]]), ({ print, stamp }) => [print, stamp]);
  }

  prints(): Map<QueryKey, ResultFingerprint> {
    const found = this.#database.prepare('SELECT * FROM prints').all();
    return new Map(
      found
        .map((one) => row.print.parse(one))
        .map(({ question, fingerprint, cells }) => [
          question,
          { fingerprint, cells: strings.parse(JSON.parse(cells)) },
        ]),
    );
  }

  /** Forgets what was rendered and read, but keeps the entries shown: for another code version or output folder. */
  forgetPages(): void {
    this.#transaction(() => this.#database.exec('DELETE FROM pages; DELETE FROM documents; DELETE FROM prints;'));
  }

  /** Forgets which files were read, so that every one is judged anew. */
  forgetFiles(): void {
    this.#transaction(() => this.#database.exec('DELETE FROM files; DELETE FROM faults;'));
  }

  /** Writes an entry down, all of it or nothing. */
  record({ files, versions, faults, pages, prints }: JournalEntry): void {
    this.#transaction(() => {
      this.#replace('files', 'path', files, (stamp) => [stamp]);
      this.#replace('faults', 'file', faults, (list) => [JSON.stringify(list)]);
      this.#replace('pages', 'address', pages, (page) => [
        page.owner,
        page.fingerprint,
        JSON.stringify(page.questions),
      ]);
      this.#replace('prints', 'question', prints, (print) => [print.fingerprint, JSON.stringify(print.cells)]);
      for (const [cell, version] of versions) {
        if (version) this.#putEntry(cell, version);
        else this.#dropEntry(cell);
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

  #dropEntry(cell: string): void {
    this.#database.prepare('DELETE FROM texts WHERE fingerprint = (SELECT text FROM entries WHERE cell = ?)').run(cell);
    this.#database.prepare('DELETE FROM entries WHERE cell = ?').run(cell);
  }

  #putEntry(cell: string, { address, entry, text, photos }: Version): void {
    const source = this.get(text) ?? '';
    this.#dropEntry(cell);
    const version = JSON.stringify({ entry, text, file: address.file, photos });
    this.#database
      .prepare('INSERT INTO entries VALUES (?, ?, ?, ?)')
      .run(cell, version, text, entryPrint(version, source));
    this.#database.prepare('INSERT OR REPLACE INTO texts VALUES (?, ?)').run(text, source);
  }

  #transaction(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      // A full disk makes SQLite take it back by itself.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}
