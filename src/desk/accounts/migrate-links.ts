import type { DatabaseSync } from 'node:sqlite';
import { forgetTables, tablesIn } from '../storage/database.ts';
import { GOOD_FOR } from './one-time-links.ts';

const COLUMNS = 'hash, kind, account, role, unit, name, issuer, issuerName, issued, expires';

/**
 * Moves the links of earlier versions, which had a table for invitations and one for password links, into the table
 * `links`, and drops those tables. Unused links stay valid with the same tokens and the same end; used ones are in the
 * audit log. It is one transaction: a kill leaves the database as it was or as it is to be.
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
    // SQLite rolls back by itself when the disk is full.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

const PASSWORD_LINKS = `SELECT token, 'password', account, NULL, NULL, NULL, issuer, NULL,
  expires - ${GOOD_FOR.password}, expires FROM password_links`;

/**
 * Returns the query for the unused invitations. The earliest ones name their issuer only; they get the account of that
 * name. If several accounts have the name, or none, the invitation is dropped: nobody can vouch for it.
 */
function invitationsIn(database: DatabaseSync): string {
  const columns = database.prepare('PRAGMA table_info(invitations)').all();
  const issuer = columns.some(({ name }) => name === 'issuer')
    ? 'issuer'
    : '(SELECT min(id) FROM user WHERE user.name = by HAVING count(*) = 1)';
  return `SELECT token, 'invitation', NULL, role, unit, name, ${issuer} AS issuedBy, by,
    expires - ${GOOD_FOR.invitation}, expires FROM invitations WHERE used IS NULL AND issuedBy IS NOT NULL`;
}
