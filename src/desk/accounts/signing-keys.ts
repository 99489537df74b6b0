import type { DatabaseSync } from 'node:sqlite';
import { newToken } from './tokens.ts';

/**
 * Returns the signing key with this name. The first call for a name makes a random key and stores it in the database.
 */
export function secretOf(database: DatabaseSync, name: string): string {
  database.exec('CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL)');
  database.prepare('INSERT OR IGNORE INTO secrets VALUES (?, ?)').run(name, newToken());
  return String(database.prepare('SELECT value FROM secrets WHERE name = ?').get(name)?.['value']);
}
