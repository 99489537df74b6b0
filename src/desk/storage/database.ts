import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { isFounded } from './founding.ts';
import { damaged, DATABASE, requireSound } from './damage.ts';
import { FolderLock } from './folder-lock.ts';
import { finishRestoring } from './finish-restore.ts';

/** How long a write waits while another process copies the database, in milliseconds. */
const PATIENCE = 5000;

/** How the write-ahead log begins that belongs to a database: https://www.sqlite.org/fileformat2.html#walformat */
const WAL_MAGIC: ReadonlySet<number> = new Set([0x377f0682, 0x377f0683]);
/** A log of which only the header was begun may be garbled by a power failure, and there is nothing in it. */
const LEAST_WAL_BYTES = 512;

/** How every database of SQLite begins: https://www.sqlite.org/fileformat2.html#the_database_header */
const HEADER = Buffer.from('SQLite format 3\0');

/** The database of a desk that has its data folder alone until it is closed. */
export class DeskDatabase extends DatabaseSync {
  readonly #file: string;
  readonly #lock: FolderLock;
  /** Stays open as long as SQLite does: closing any handle of a file lets go of all locks that SQLite holds on it. */
  readonly #handle: number;

  constructor(file: string, lock: FolderLock) {
    super(file, { timeout: PATIENCE });
    this.#file = file;
    this.#lock = lock;
    this.#handle = openSync(file, 'r');
  }

  /**
   * Is the file that is open still the one in the folder, and a database? SQLite itself answers from memory and appends
   * to its log, and would acknowledge writes that a later start cannot find.
   */
  isInPlace(): boolean {
    const opened = fstatSync(this.#handle);
    const found = statSync(this.#file, { throwIfNoEntry: false });
    if (found?.ino !== opened.ino || found.dev !== opened.dev) return false;
    // Until its first page is out of the log, a new database is an empty file.
    if (opened.size === 0) return true;
    const head = Buffer.alloc(HEADER.length);
    readSync(this.#handle, head, 0, head.length, 0);
    return head.equals(HEADER);
  }

  /**
   * A full disk makes SQLite take a transaction back by itself. Whoever takes it back once more, as better-auth does,
   * would be told of that and no longer of the disk.
   */
  override prepare(...asked: Parameters<DatabaseSync['prepare']>): StatementSync {
    const [sql, ...options] = asked;
    const idle = /^\s*rollback\s*;?\s*$/iu.test(sql) && !this.isTransaction;
    return super.prepare(idle ? 'SELECT 1' : sql, ...options);
  }

  override close(): void {
    super.close();
    closeSync(this.#handle);
    this.#lock.release();
  }
}

/**
 * What the desk remembers besides content: accounts, uploads, what was done. Every write is on the disk when it returns.
 * Whoever has it open has the whole data folder alone (FolderLock); to read it, a backup above all, any process may
 * open the file. Undefined: another process has the folder. Throws a Damage, or SQLite's error, where it is damaged.
 */
export function openDeskDatabase(file: string): DeskDatabase | undefined {
  const data = dirname(file);
  const lock = FolderLock.take(data);
  if (!lock) return undefined;
  let database: DeskDatabase | undefined;
  try {
    finishRestoring(data);
    // SQLite would take it for an empty one, and what was written last would be gone without a word.
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

/** Notes which tables there are, once all of them are made: none of them may be missing at a later start. */
export function noteTables(database: DatabaseSync): void {
  database.exec("INSERT OR IGNORE INTO tables SELECT name FROM sqlite_schema WHERE type = 'table'");
}

/**
 * Throws a Damage where the database of a desk that was founded before lacks tables: each would be made again, empty,
 * and the desk go on without accounts or notes as if there had been none.
 */
function requireTables(database: DatabaseSync, data: string): void {
  if (!isFounded(data)) return;
  const found = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const there = new Set(found.map(({ name }) => String(name)));
  if (there.size === 0) throw damaged(DATABASE, '不见了，或者是空的', data);
  const noted = there.has('tables') ? database.prepare('SELECT name FROM tables').all() : [{ name: 'user' }];
  const missing = noted.map(({ name }) => String(name)).filter((name) => !there.has(name));
  if (missing.length > 0) throw damaged(DATABASE, `里缺了表 ${missing.join('、')}`, data);
}

/** Is the write-ahead log beside a database none of SQLite's? */
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
