import type { DatabaseSync } from 'node:sqlite';
import { forgetTables, tablesIn } from '../storage/database.ts';
import { GOOD_FOR } from './one-time-links.ts';

const COLUMNS = 'hash, kind, account, role, unit, name, issuer, issuerName, issued, expires';

/**
 * Moves the links of earlier versions of the desk from the tables `invitations` and `password_links` into the table
 * `links`, and drops the two old tables. Unused links keep their tokens and the time when they expire. Used invitations
 * are not moved, because the audit log records them. Everything is one transaction: a kill leaves the database either
 * unchanged or complete.
 */
export function moveOldLinks(database: DatabaseSync): void {
  const tables = tablesIn(database);
  const old = ['invitations', 'password_links'].filter((name) => tables.has(name));
  if (old.length === 0) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const name of old) {
      const rows = name === 'invitations' ? invitationsIn(database) : PASSWORD_LINKS;
      database.exec(`INSERT OR IGNORE INTO links (${COLUMNS}) ${rows}; DROP TABLE ${name}`);
    }
    forgetTables(database, old);
    database.exec('COMMIT');
  } catch (error) {
    // When the disk is full, SQLite has rolled back already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

const PASSWORD_LINKS = `SELECT token, 'password', account, NULL, NULL, NULL, issuer, NULL,
  expires - ${GOOD_FOR.password}, expires FROM password_links`;

/**
 * Returns the SELECT statement for the unused invitations. In the earliest version of the table an invitation names its
 * issuer, but not the issuer's account: then the account with this name becomes the issuer. If several accounts have
 * the name, or none, the invitation is dropped, because nobody can confirm it.
 */
function invitationsIn(database: DatabaseSync): string {
  const columns = database.prepare('PRAGMA table_info(invitations)').all();
  const issuer = columns.some(({ name }) => name === 'issuer')
    ? 'issuer'
    : '(SELECT min(id) FROM user WHERE user.name = by HAVING count(*) = 1)';
  return `SELECT token, 'invitation', NULL, role, unit, name, ${issuer} AS issuedBy, by,
    expires - ${GOOD_FOR.invitation}, expires FROM invitations WHERE used IS NULL AND issuedBy IS NOT NULL`;
}
