import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { FolderLock } from './upkeep/folder-lock.ts';
import { finishRestoring } from './upkeep/restored.ts';

/** How long a write waits while another process copies the database, in milliseconds. */
const PATIENCE = 5000;

/** The database of a desk that has its data folder alone until it is closed. */
class DeskDatabase extends DatabaseSync {
  readonly #lock: FolderLock;

  constructor(file: string, lock: FolderLock) {
    super(file, { timeout: PATIENCE });
    this.#lock = lock;
  }

  override close(): void {
    super.close();
    this.#lock.release();
  }
}

/**
 * What the desk remembers besides content: accounts, uploads, what was done. Every write is on the disk when it returns.
 * Whoever has it open has the whole data folder alone (FolderLock); to read it, a backup above all, any process may
 * open the file. Undefined: another process has the folder.
 */
export function openDeskDatabase(file: string): DatabaseSync | undefined {
  const lock = FolderLock.take(dirname(file));
  if (!lock) return undefined;
  finishRestoring(dirname(file));
  const database = new DeskDatabase(file, lock);
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS uploads (
      src TEXT PRIMARY KEY, blob TEXT NOT NULL, hash TEXT NOT NULL, size INTEGER NOT NULL,
      width INTEGER NOT NULL, height INTEGER NOT NULL, colour TEXT NOT NULL, by TEXT NOT NULL, uploaded TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS upkeep (what TEXT PRIMARY KEY, done INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS uploaders (src TEXT NOT NULL, login TEXT NOT NULL, unit TEXT, PRIMARY KEY (src, login));
  `);
  return database;
}
