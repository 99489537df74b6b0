import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { isFounded } from './create-repository.ts';
import { damaged, DATABASE, requireSound } from './damage.ts';
import { FolderLock } from './folder-lock.ts';
import { finishRestoring } from './finish-restore.ts';

/** How long a statement waits if another process has locked the database, in milliseconds. */
const TIMEOUT = 5000;

/** First bytes of a write-ahead log: https://www.sqlite.org/fileformat2.html#walformat */
const WAL_MAGIC: ReadonlySet<number> = new Set([0x377f0682, 0x377f0683]);
/**
 * Least length of a write-ahead log that is checked, in bytes. A shorter log contains no data, and a power failure may
 * have damaged its start.
 */
const LEAST_WAL_BYTES = 512;

/** First bytes of an SQLite database: https://www.sqlite.org/fileformat2.html#the_database_header */
const HEADER = Buffer.from('SQLite format 3\0');

/** The file of an open database. */
export class DatabaseFile {
  readonly #path: string;
  /**
   * Handle of the database's file. It stays open until SQLite has closed the file: closing any handle of a file
   * releases all locks that the process holds on it (POSIX).
   */
  readonly #handle: number;

  constructor(path: string) {
    this.#path = path;
    this.#handle = openSync(path, 'r');
  }

  /**
   * Returns whether the open file is still the file in the folder, and still is a database. SQLite itself does not
   * notice a replaced or overwritten file: it reads from memory, appends to its log, and would confirm writes that are
   * lost at the next start.
   */
  isInPlace(): boolean {
    const opened = fstatSync(this.#handle);
    const found = statSync(this.#path, { throwIfNoEntry: false });
    if (found?.ino !== opened.ino || found.dev !== opened.dev) return false;
    // A new database is an empty file until its first page is copied from the log.
    if (opened.size === 0) return true;
    const head = Buffer.alloc(HEADER.length);
    readSync(this.#handle, head, 0, head.length, 0);
    return head.equals(HEADER);
  }

  /** Closes the handle. SQLite must have closed its own handles before: see `#handle`. */
  close(): void {
    closeSync(this.#handle);
  }
}

/** The database of a desk. While it is open, this process holds the lock of the data folder. */
export class DeskDatabase extends DatabaseSync {
  readonly #lock: FolderLock;
  readonly #file: DatabaseFile;

  constructor(file: string, lock: FolderLock) {
    super(file, { timeout: TIMEOUT });
    this.#lock = lock;
    this.#file = new DatabaseFile(file);
  }

  /** Returns whether the open file is still the one in the folder, and a database: see `DatabaseFile`. */
  isInPlace(): boolean {
    return this.#file.isInPlace();
  }

  /**
   * Prepares a statement. A ROLLBACK outside a transaction is replaced by a statement without effect. When the disk is
   * full, SQLite rolls back by itself; better-auth then runs ROLLBACK a second time, whose error would hide the error
   * about the disk.
   */
  override prepare(...args: Parameters<DatabaseSync['prepare']>): StatementSync {
    const [sql, ...options] = args;
    const idle = /^\s*rollback\s*;?\s*$/iu.test(sql) && !this.isTransaction;
    return super.prepare(idle ? 'SELECT 1' : sql, ...options);
  }

  override close(): void {
    super.close();
    this.#file.close();
    this.#lock.release();
  }
}

/**
 * Opens the desk's database. It contains accounts, links, uploads, the audit log and everything else except content.
 * Takes the lock of the data folder (FolderLock); other processes may read the file, a backup for example. Every write
 * is on the disk when its call returns.
 * @returns undefined if another process holds the lock.
 * @throws Damage, or SQLite's error, if the database is damaged.
 */
export function openDeskDatabase(file: string): DeskDatabase | undefined {
  const data = dirname(file);
  const lock = FolderLock.take(data);
  if (!lock) return undefined;
  let database: DeskDatabase | undefined;
  try {
    finishRestoring(data);
    // SQLite would take such a file for an empty log, and the latest writes would be lost without an error.
    if (hasForeignLog(file)) throw damaged(DATABASE, '的日志（desk.sqlite-wal）损坏', data);
    database = new DeskDatabase(file, lock);
    requireSound(database);
    requireTables(database, data);
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS uploads (
        src TEXT PRIMARY KEY, blob TEXT NOT NULL, hash TEXT NOT NULL, size INTEGER NOT NULL,
        width INTEGER NOT NULL, height INTEGER NOT NULL, colour TEXT NOT NULL, by TEXT NOT NULL, uploaded TEXT NOT NULL
      );
      CREATE TABLE IF NOT EXISTS upkeep (what TEXT PRIMARY KEY, done INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS uploaders (src TEXT NOT NULL, login TEXT NOT NULL, unit TEXT, PRIMARY KEY (src, login));
      CREATE TABLE IF NOT EXISTS tables (name TEXT PRIMARY KEY);
    `);
    return database;
  } catch (error) {
    if (database) database.close();
    else lock.release();
    throw error;
  }
}

/** Returns the names of all tables of a database. */
export function tablesIn(database: DatabaseSync): Set<string> {
  const found = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  return new Set(found.map(({ name }) => String(name)));
}

/** Records the names of all tables. The caller must have created all tables: later starts require the recorded ones. */
export function noteTables(database: DatabaseSync): void {
  database.exec("INSERT OR IGNORE INTO tables SELECT name FROM sqlite_schema WHERE type = 'table'");
}

/** Removes tables that a migration has dropped from the list of tables that later starts require. */
export function forgetTables(database: DatabaseSync, names: readonly string[]): void {
  if (!tablesIn(database).has('tables')) return;
  const forget = database.prepare('DELETE FROM tables WHERE name = ?');
  for (const name of names) forget.run(name);
}

/**
 * Checks that all tables exist that an earlier start has recorded. Otherwise a missing table would be created again,
 * empty, and the desk would continue as if there had never been accounts or comments.
 * @throws Damage if a table is missing.
 */
function requireTables(database: DatabaseSync, data: string): void {
  if (!isFounded(data)) return;
  const there = tablesIn(database);
  if (there.size === 0) throw damaged(DATABASE, '不见了，或者是空的', data);
  const noted = there.has('tables') ? database.prepare('SELECT name FROM tables').all() : [{ name: 'user' }];
  const missing = noted.map(({ name }) => String(name)).filter((name) => !there.has(name));
  if (missing.length > 0) throw damaged(DATABASE, `里缺了表 ${missing.join('、')}`, data);
}

/** Returns whether the file at the path of the write-ahead log is not a write-ahead log. */
function hasForeignLog(file: string): boolean {
  const log = `${file}-wal`;
  const found = statSync(log, { throwIfNoEntry: false });
  if (found === undefined || found.size < LEAST_WAL_BYTES) return false;
  const magic = Buffer.alloc(4);
  const handle = openSync(log, 'r');
  try {
    readSync(handle, magic, 0, magic.length, 0);
  } finally {
    closeSync(handle);
  }
  return !WAL_MAGIC.has(magic.readUInt32BE(0));
}
