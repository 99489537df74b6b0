import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { role, type Role } from '../../model/roles.ts';
import { Refusal } from '../domain/refusal.ts';
import { hashOfToken, newToken } from './tokens.ts';

const DAY = 86_400_000;

/**
 * How long a link of each kind is valid, in milliseconds. The link for the first administrator does not expire: it is
 * deleted when the desk starts again.
 */
export const GOOD_FOR = { first: undefined, password: DAY, invitation: 7 * DAY } as const;

const optional = z
  .string()
  .nullable()
  .transform((value) => value ?? undefined);

const stored = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('first'), hash: z.string() }),
  z.object({
    kind: z.literal('password'),
    hash: z.string(),
    /** Id of the account that gets a new password. */
    account: z.string(),
    /** Id of the administrator who issued the link; undefined if a command on the server issued it. */
    issuer: optional,
  }),
  z.object({
    kind: z.literal('invitation'),
    hash: z.string(),
    role,
    unit: optional,
    /** Name of the invited person, as the administrator typed it. */
    name: z.string(),
    /** Id of the administrator who issued the invitation. */
    issuer: z.string(),
    /** Name of that administrator when the invitation was issued. */
    issuerName: z.string(),
    /** When the invitation expires, in milliseconds since 1970. */
    expires: z.number(),
  }),
]);

/** A one-time link that can still be used. `hash` is the hash of the link's token (hashOfToken). */
export type Link = z.output<typeof stored>;
export type PasswordLink = Extract<Link, { kind: 'password' }>;
export type InvitationLink = Extract<Link, { kind: 'invitation' }>;

/** The fields of a new link. `Link` says which fields a link of each kind has. */
export interface NewLink {
  kind: Link['kind'];
  account?: string | undefined;
  role?: Role | undefined;
  unit?: string | undefined;
  name?: string | undefined;
  issuer?: string | undefined;
  issuerName?: string | undefined;
}

const COLUMNS = 'kind, hash, account, role, unit, name, issuer, issuerName, expires';
const OPEN = 'used IS NULL AND (expires IS NULL OR expires > ?)';

/**
 * The one-time links: for the first administrator, for new passwords, and for invitations. All are rows of one table,
 * which contains the hashes of the links' secret tokens, not the tokens. The wall clock decides whether a link has
 * expired.
 */
export class Links {
  readonly #database: DatabaseSync;
  readonly #keepFrom: () => Date;

  /**
   * Creates the table if it is missing.
   * @param keepFrom returns a time: links that expired before it are deleted (KEEP_ENDED in accounts.ts).
   */
  constructor(database: DatabaseSync, keepFrom: () => Date) {
    this.#database = database;
    this.#keepFrom = keepFrom;
    database.exec(`CREATE TABLE IF NOT EXISTS links (
      hash TEXT PRIMARY KEY, kind TEXT NOT NULL, account TEXT, role TEXT, unit TEXT, name TEXT,
      issuer TEXT, issuerName TEXT, issued INTEGER NOT NULL, expires INTEGER, used INTEGER
    )`);
  }

  /** Stores a new link and returns the link's token. Deletes links that expired before `keepFrom()`. */
  issue({ kind, account, role: granted, unit, name, issuer, issuerName }: NewLink): string {
    this.#run('DELETE FROM links WHERE expires <= ?', this.#keepFrom().getTime());
    const token = newToken();
    const issued = Date.now();
    const goodFor = GOOD_FOR[kind];
    const expires = goodFor === undefined ? null : issued + goodFor;
    const about = [account, granted, unit, name, issuer, issuerName].map((value) => value ?? null);
    this.#run(
      `INSERT INTO links (hash, kind, account, role, unit, name, issuer, issuerName, issued, expires)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      hashOfToken(token),
      kind,
      ...about,
      issued,
      expires,
    );
    return token;
  }

  /**
   * Returns the link of a token. Returns undefined if the token is unknown, or its link is used, deleted or expired.
   * The comparison need not take constant time: SQLite compares hashes, so the duration of the query reveals nothing
   * about a token.
   */
  find(token: string): Link | undefined {
    const row = this.#database
      .prepare(`SELECT ${COLUMNS} FROM links WHERE hash = ? AND ${OPEN}`)
      .get(hashOfToken(token), Date.now());
    return row && stored.parse(row);
  }

  /** Returns the invitations that are neither used nor expired, sorted by the time when they expire. */
  invitations(): InvitationLink[] {
    const rows = this.#database
      .prepare(`SELECT ${COLUMNS} FROM links WHERE kind = 'invitation' AND ${OPEN} ORDER BY expires`)
      .all(Date.now());
    return rows.map((row) => stored.parse(row)).filter((link) => link.kind === 'invitation');
  }

  /**
   * Marks a link as used, runs `work` and resolves to its result. If `work` rejects, the link can be used again. A
   * password link also marks the other password links of its account as used; they stay used even if `work` rejects.
   * @throws Refusal 403 if another request has used the link meanwhile.
   */
  async use<Result>(link: Link, work: () => Promise<Result>): Promise<Result> {
    if (!this.#take(link)) throw linkEnded();
    try {
      return await work();
    } catch (error) {
      this.#run('UPDATE links SET used = NULL WHERE hash = ?', link.hash);
      throw error;
    }
  }

  /**
   * Marks a link as used. If it is a password link, also marks the other password links of its account. Returns false
   * if the link was used already. Runs a single statement and opens no transaction, because better-auth may have a
   * transaction open on this database.
   */
  #take(link: Link): boolean {
    const used = Date.now();
    if (link.kind !== 'password') {
      return this.#run('UPDATE links SET used = ? WHERE hash = ? AND used IS NULL', used, link.hash);
    }
    return this.#run(
      `UPDATE links SET used = ? WHERE kind = 'password' AND account = ? AND used IS NULL
      AND EXISTS (SELECT 1 FROM links WHERE hash = ? AND used IS NULL)`,
      used,
      link.account,
      link.hash,
    );
  }

  /** Deletes the link for the first administrator. */
  endFirst(): void {
    this.#run("DELETE FROM links WHERE kind = 'first'");
  }

  /** Deletes the invitation whose token has this hash. Returns false if there is none or it is used. */
  endInvitation(hash: string): boolean {
    return this.#run("DELETE FROM links WHERE kind = 'invitation' AND hash = ? AND used IS NULL", hash);
  }

  /** Deletes the unused invitations for the same name, role and unit. */
  endInvitationsLike({ name, role: granted, unit }: Pick<InvitationLink, 'name' | 'role' | 'unit'>): void {
    this.#run(
      "DELETE FROM links WHERE kind = 'invitation' AND used IS NULL AND name = ? AND role = ? AND unit IS ?",
      name,
      granted,
      unit ?? null,
    );
  }

  /** Deletes the password links of the account with this id. */
  endFor(account: string): void {
    this.#run('DELETE FROM links WHERE account = ?', account);
  }

  /** Deletes every link that the account with this id has issued. */
  endBy(issuer: string): void {
    this.#run('DELETE FROM links WHERE issuer = ?', issuer);
  }

  /** Runs an SQL statement with values for its parameters. Returns whether any row was changed. */
  #run(statement: string, ...values: (string | number | null)[]): boolean {
    return this.#database.prepare(statement).run(...values).changes > 0;
  }
}

/** Returns the refusal (403) of a token without a valid link. */
export function linkEnded(): Refusal {
  return new Refusal(403, '这条链接已经用过、失效、过期或不完整。请管理员再发一条。');
}
