import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { role, type Role } from '../../model/roles.ts';
import { Refusal } from '../domain/refusal.ts';
import { hashOfToken, newToken } from './tokens.ts';

const DAY = 86_400_000;

/**
 * How long links are valid, in milliseconds. The link for the first administrator has no end: it is deleted when the
 * desk is opened again.
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
    /** Id of the administrator who issued the link; undefined: it was issued on the server itself. */
    issuer: optional,
  }),
  z.object({
    kind: z.literal('invitation'),
    hash: z.string(),
    role,
    unit: optional,
    /** Name of the invited person, as the administrator wrote it. */
    name: z.string(),
    /** Id and name of the administrator who issued the invitation. */
    issuer: z.string(),
    issuerName: z.string(),
    /** When the invitation ends, in milliseconds since 1970. */
    expires: z.number(),
  }),
]);

/** A link that can still be used; `hash` is the hash of its token. */
export type Link = z.output<typeof stored>;
export type PasswordLink = Extract<Link, { kind: 'password' }>;
export type InvitationLink = Extract<Link, { kind: 'invitation' }>;

/** The fields of a new link; see `Link` for those of each kind. */
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
 * Links with a secret token, each usable once: for the first administrator, for new passwords, and invitations. All are
 * rows of one table. Only the hash of a token is stored. Whether a link has expired is decided by the wall clock.
 */
export class Links {
  readonly #database: DatabaseSync;
  readonly #keepFrom: () => Date;

  /** Links that expired before `keepFrom()` are deleted (see DeskClock). */
  constructor(database: DatabaseSync, keepFrom: () => Date) {
    this.#database = database;
    this.#keepFrom = keepFrom;
    database.exec(`CREATE TABLE IF NOT EXISTS links (
      hash TEXT PRIMARY KEY, kind TEXT NOT NULL, account TEXT, role TEXT, unit TEXT, name TEXT,
      issuer TEXT, issuerName TEXT, issued INTEGER NOT NULL, expires INTEGER, used INTEGER
    )`);
  }

  /** Stores a new link and returns its token. */
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
   * Returns the link of a token, or undefined if the token is unknown, or its link is used, deleted or expired. No
   * comparison in constant time is needed: the search compares hashes, and its time tells nothing about a token.
   */
  find(token: string): Link | undefined {
    const row = this.#database
      .prepare(`SELECT ${COLUMNS} FROM links WHERE hash = ? AND ${OPEN}`)
      .get(hashOfToken(token), Date.now());
    return row && stored.parse(row);
  }

  /** Returns the invitations that are neither used nor expired, ordered by when they expire. */
  invitations(): InvitationLink[] {
    const rows = this.#database
      .prepare(`SELECT ${COLUMNS} FROM links WHERE kind = 'invitation' AND ${OPEN} ORDER BY expires`)
      .all(Date.now());
    return rows.map((row) => stored.parse(row)).filter((link) => link.kind === 'invitation');
  }

  /**
   * Marks a link as used and runs `work`. If that fails, the link can be used again. A password link also marks the
   * other ones of its account as used, and they stay so.
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
   * Returns false if the link is used already. One statement: better-auth may have a transaction open on this database.
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

  /** Deletes an invitation by its hash. Returns false if there is none or it is used. */
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

  /** Deletes the password links of an account. */
  endFor(account: string): void {
    this.#run('DELETE FROM links WHERE account = ?', account);
  }

  /** Deletes every link that an administrator has issued. */
  endBy(issuer: string): void {
    this.#run('DELETE FROM links WHERE issuer = ?', issuer);
  }

  /** Runs a statement and returns whether it changed any row. */
  #run(statement: string, ...values: (string | number | null)[]): boolean {
    return this.#database.prepare(statement).run(...values).changes > 0;
  }
}

/** Returns the refusal of a token whose link cannot be used. */
export function linkEnded(): Refusal {
  return new Refusal(403, '这条链接已经用过、失效、过期或不完整。请管理员再发一条。');
}
