import { DatabaseSync } from 'node:sqlite';

/**
 * What the desk remembers besides content: accounts, uploads, what was done. Every write is on the disk when it returns. Whoever
 * has it open has it alone, and with it the whole data folder: the lock goes with the process, however that ends.
 * Undefined: another process has it.
 */
export function openDeskDatabase(file: string): DatabaseSync | undefined {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; BEGIN IMMEDIATE; COMMIT;');
  } catch (error) {
    database.close();
    if (error instanceof Error && /locked/u.test(error.message)) return undefined;
    throw error;
  }
  database.exec(`
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS uploads (
      src TEXT PRIMARY KEY, blob TEXT NOT NULL, hash TEXT NOT NULL, size INTEGER NOT NULL,
      width INTEGER NOT NULL, height INTEGER NOT NULL, colour TEXT NOT NULL, by TEXT NOT NULL, uploaded TEXT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS uploaders (src TEXT NOT NULL, login TEXT NOT NULL, unit TEXT, PRIMARY KEY (src, login));
  `);
  return database;
}
