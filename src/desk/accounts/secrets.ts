import type { DatabaseSync } from 'node:sqlite';
import { newToken } from './tokens.ts';

/** Answers the key of a name that something is signed with: made once, kept in the database. */
export function secretOf(database: DatabaseSync, name: string): string {
  database.exec('CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL)');
  database.prepare('INSERT OR IGNORE INTO secrets VALUES (?, ?)').run(name, newToken());
  return String(database.prepare('SELECT value FROM secrets WHERE name = ?').get(name)?.['value']);
}
