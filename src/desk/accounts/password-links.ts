import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { hashOfToken, newToken } from './tokens.ts';

/** How long a link for a new password is good for, in milliseconds. */
const GOOD_FOR = 24 * 3600 * 1000;

const stored = z.object({ token: z.string(), account: z.string(), issuer: z.string().nullable(), expires: z.number() });

/** A link by which somebody sets a new password; `token` is its hash, `account` whose it is. */
export type PasswordLink = z.infer<typeof stored>;

/** Links by which people set a new password. One that is used ends all others of the same account. */
export class PasswordLinks {
  readonly #database: DatabaseSync;
  readonly #old: () => Date;

  /** `old` answers the time by which what has ended is deleted: see DeskClock. Whether a link is good, the wall clock says. */
  constructor(database: DatabaseSync, old: () => Date) {
    this.#database = database;
    this.#old = old;
    database.exec(`CREATE TABLE IF NOT EXISTS password_links (
      token TEXT PRIMARY KEY, account TEXT NOT NULL, issuer TEXT, expires INTEGER NOT NULL
    )`);
  }

  /** Answers the token of a new link for an account; `issuer`: the id of who made it, undefined on the server itself. */
  issue(account: string, issuer: string | undefined): string {
    this.#database.prepare('DELETE FROM password_links WHERE expires <= ?').run(this.#old().getTime());
    const token = newToken();
    this.#keep({ token: hashOfToken(token), account, issuer: issuer ?? null, expires: Date.now() + GOOD_FOR });
    return token;
  }

  /** Answers the link of a token; undefined: it is used, ended, old or wrong. */
  find(token: string): PasswordLink | undefined {
    const row = this.#database
      .prepare('SELECT token, account, issuer, expires FROM password_links WHERE token = ? AND expires > ?')
      .get(hashOfToken(token), Date.now());
    return row && stored.parse(row);
  }

  /** Uses a link up, and with it all others of its account. False: another request was faster. */
  use({ token, account }: PasswordLink): boolean {
    const { changes } = this.#database
      .prepare('DELETE FROM password_links WHERE account = ? AND EXISTS (SELECT 1 FROM password_links WHERE token = ?)')
      .run(account, token);
    return changes > 0;
  }

  /** Makes a link good again whose use has failed. */
  giveBack(link: PasswordLink): void {
    this.#keep(link);
  }

  /** Ends the links of an account. */
  endFor(account: string): void {
    this.#database.prepare('DELETE FROM password_links WHERE account = ?').run(account);
  }

  /** Ends the links that somebody has made for others. */
  endBy(issuer: string): void {
    this.#database.prepare('DELETE FROM password_links WHERE issuer = ?').run(issuer);
  }

  #keep({ token, account, issuer, expires }: PasswordLink): void {
    this.#database.prepare('INSERT INTO password_links VALUES (?, ?, ?, ?)').run(token, account, issuer, expires);
  }
}
