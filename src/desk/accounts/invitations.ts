import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { role } from '../../model/roles.ts';
import { Refusal } from '../domain/refusal.ts';
import { linkOver, type Accounts, type NewAccount } from './accounts.ts';
import type { Editor } from '../domain/editor.ts';
import { hashOfToken, newToken } from './tokens.ts';

/** How long an invitation is good for, in milliseconds. */
const GOOD_FOR = 7 * 24 * 3600 * 1000;

const stored = z.object({
  token: z.string(),
  role,
  unit: z
    .string()
    .nullable()
    .transform((unit) => unit ?? undefined),
  /** Name of whom it is for, as the administrator wrote it. */
  name: z.string(),
  /** Name of the administrator. */
  by: z.string(),
  /** Id of the administrator. */
  issuer: z.string(),
  expires: z.number(),
});

/** An invitation that nobody has taken yet; `token` is its hash. */
export type Invitation = z.infer<typeof stored>;

/** Whom an invitation is for. */
export type Invited = Pick<Invitation, 'role' | 'unit' | 'name'>;

/** The ways in for those who have no account yet: links that work once. */
export class Invitations {
  readonly #database: DatabaseSync;
  readonly #accounts: Accounts;
  readonly #now: () => number;
  /** Hash of the link that makes the first administrator. */
  #first: string | undefined;

  /** `now` answers the time in milliseconds. */
  constructor(database: DatabaseSync, accounts: Accounts, now: () => number = Date.now) {
    this.#database = database;
    this.#accounts = accounts;
    this.#now = now;
    database.exec(`CREATE TABLE IF NOT EXISTS invitations (
      token TEXT PRIMARY KEY, role TEXT NOT NULL, unit TEXT, name TEXT NOT NULL, by TEXT NOT NULL,
      expires INTEGER NOT NULL, used TEXT, issuer TEXT
    )`);
    nameIssuers(database);
    accounts.onStandingDown((id) => database.prepare('DELETE FROM invitations WHERE issuer = ?').run(id));
  }

  /** The token of the link that makes the first administrator; an older one no longer works. Undefined: there is one. */
  first(): string | undefined {
    if (this.#accounts.all().length > 0) return undefined;
    const token = newToken();
    this.#first = hashOfToken(token);
    return token;
  }

  /** Is this the link that makes the first administrator? */
  isFirst(token: string): boolean {
    return this.#first !== undefined && hashOfToken(token) === this.#first && this.#accounts.all().length === 0;
  }

  /** Makes the first administrator. Throws a Refusal; then the link works again. */
  async acceptFirst(token: string, account: Pick<NewAccount, 'login' | 'name' | 'password'>): Promise<Editor> {
    if (!this.isFirst(token)) throw linkOver();
    const link = this.#first;
    this.#first = undefined;
    try {
      return await this.#accounts.create({ ...account, role: 'administrator', unit: undefined }, () => {
        if (this.#accounts.all().length > 0) throw linkOver();
      });
    } catch (error) {
      this.#first = link;
      throw error;
    }
  }

  /** Answers the token of a new invitation. @throws Refusal (403) where `by` is no administrator any more. */
  issue({ role: own, unit, name }: Invited, by: Editor): string {
    if (own === 'author' && unit === undefined) throw new Refusal(422, '请选作者的单位：作者只能写本单位的稿件。');
    if (!this.#accounts.isAdministrator(by.id)) throw new Refusal(403, '您已经不是管理员，没有发出邀请。');
    const token = newToken();
    this.#database
      .prepare(
        `INSERT INTO invitations (token, role, unit, name, by, expires, used, issuer)
        VALUES (?, ?, ?, ?, ?, ?, NULL, ?)`,
      )
      .run(hashOfToken(token), own, unit ?? null, name.trim().slice(0, 20), by.name, this.#now() + GOOD_FOR, by.id);
    return token;
  }

  /**
   * The invitations that can still be taken, those that end first at the beginning. One is only as good as its issuer:
   * an administrator, not disabled.
   */
  open(): Invitation[] {
    const rows = this.#database
      .prepare(
        `SELECT token, role, unit, name, by, expires, issuer FROM invitations
        WHERE used IS NULL AND expires > ? AND issuer IS NOT NULL ORDER BY expires`,
      )
      .all(this.#now());
    return rows.map((row) => stored.parse(row)).filter(({ issuer }) => this.#accounts.isAdministrator(issuer));
  }

  /** The invitation of a token. Throws a Refusal (403) where it is used, old or wrong. */
  require(token: string): Invitation {
    const hash = hashOfToken(token);
    const found = this.open().find((invitation) => invitation.token === hash);
    if (!found) throw linkOver();
    return found;
  }

  /** Takes an invitation back, by the hash of its token. */
  revoke(hash: string): void {
    const { changes } = this.#database.prepare('DELETE FROM invitations WHERE token = ? AND used IS NULL').run(hash);
    if (changes === 0) throw new Refusal(404, '这个邀请已经用过或已收回。');
  }

  /**
   * Makes the account of an invitation, once, and ends the others for the same name, role and unit: they were made for the
   * same person. @throws Refusal; where the account was refused the invitation can be used again.
   */
  async accept(token: string, account: Pick<NewAccount, 'login' | 'name' | 'password'>): Promise<Editor> {
    const { role: own, unit, name, issuer, token: hash } = this.require(token);
    const take = this.#database.prepare('UPDATE invitations SET used = ? WHERE token = ? AND used IS NULL');
    if (take.run(account.login, hash).changes === 0) throw linkOver();
    try {
      const editor = await this.#accounts.create({ ...account, role: own, unit }, () => {
        // While the password was judged and hashed, its issuer may have been disabled.
        if (!this.#accounts.isAdministrator(issuer)) throw linkOver();
      });
      this.#database
        .prepare('DELETE FROM invitations WHERE used IS NULL AND name = ? AND role = ? AND unit IS ?')
        .run(name, own, unit ?? null);
      return editor;
    } catch (error) {
      this.#database.prepare('UPDATE invitations SET used = NULL WHERE token = ?').run(hash);
      throw error;
    }
  }
}

/**
 * Gives invitations of earlier versions, which knew only their issuer's name, the account of that name; where several
 * have it, they can no longer be taken.
 */
function nameIssuers(database: DatabaseSync): void {
  const columns = database.prepare('PRAGMA table_info(invitations)').all();
  if (columns.some(({ name }) => name === 'issuer')) return;
  database.exec(`
    ALTER TABLE invitations ADD COLUMN issuer TEXT;
    UPDATE invitations SET issuer = (SELECT id FROM user WHERE user.name = by)
      WHERE (SELECT count(*) FROM user WHERE user.name = by) = 1;
  `);
}
