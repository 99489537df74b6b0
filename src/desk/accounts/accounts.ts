import type { DatabaseSync } from 'node:sqlite';
import { APIError } from 'better-auth';
import { z } from 'zod';
import { hasRole, role, type Role } from '../../model/roles.ts';
import { Refusal } from '../domain/refusal.ts';
import { openAuthentication, type Authentication } from './authentication.ts';
import type { Editor } from '../domain/editor.ts';
import { KnownDevices } from './known-devices.ts';
import { linkEnded, Links, type PasswordLink } from './one-time-links.ts';
import { lengthFault, MOST_PASSWORD } from './password-length.ts';
import { limitHashing, type PasswordHashing } from './password-work.ts';
import { SignInLimiter } from '../rate-limits/sign-in-limiter.ts';

const stored = z.object({
  id: z.string(),
  login: z.string(),
  name: z.string(),
  role,
  unit: z
    .string()
    .nullish()
    .transform((unit) => unit ?? undefined),
  disabled: z.coerce.boolean(),
  created: z.string(),
});

/**
 * An account of the desk. Accounts are disabled and never deleted, because the history of entries names their owners.
 * `unit` is the code of a unit; `created` is an ISO 8601 time.
 */
export type Account = z.infer<typeof stored>;

/** The fields of a new account, with the password in plain text. `unit` is the code of a unit, or undefined. */
export interface NewAccount {
  login: string;
  name: string;
  password: string;
  role: Role;
  unit: string | undefined;
}

/** The fields of an account that an administrator can change. */
export type AccountChange = Pick<Account, 'role' | 'unit'>;

/**
 * A session that has started or continues: its id in the database, its editor, and the Set-Cookie headers that the
 * response must send.
 */
export interface Session {
  id: string;
  editor: Editor;
  cookies: string[];
}

const LOGIN = /^[a-z][a-z0-9_.]{1,29}$/u;
const MOST_NAME = 20;

const COLUMNS = 'id, username AS login, name, role, unit, COALESCE(banned, 0) AS disabled, createdAt AS created';

/**
 * How long expired sessions and links stay in the database, in milliseconds: 30 days. While the wall clock is wrong,
 * valid sessions and links can seem expired; they must still exist when the clock is corrected. 30 days are enough: a
 * start with a wrong clock adds at most one day to the age of data (DeskClock).
 */
const KEEP_ENDED = 30 * 86_400_000;

/** The sender of a request to sign in. */
export interface SignInRequest {
  /** IP address of the client. */
  address: string;
  /** The Cookie header of the request; undefined if there is none. */
  cookies: string | undefined;
}

/**
 * Returns an email address that can receive no mail (RFC 2606, `.invalid`). better-auth requires an address for every
 * account, and the desk asks nobody for one.
 */
function mailOf(login: string): string {
  return `${login}@desk.invalid`;
}

function editorOf({ id, login, name, role: own, unit }: Account): Editor {
  return { id, login, name, role: own, unit };
}

/**
 * Returns whether better-auth considers a session due to be prolonged.
 * @param found result of better-auth's `getSession`.
 */
function isDue(found: object): boolean {
  return 'needsRefresh' in found && found.needsRefresh === true;
}

/** The accounts of the desk with their passwords and sessions, which better-auth stores in the desk's database. */
export class Accounts {
  readonly #database: DatabaseSync;
  readonly #work: PasswordHashing;
  readonly #auth: Authentication;
  readonly #attempts = new SignInLimiter();
  readonly #devices: KnownDevices;
  /** The one-time links: for new passwords, for invitations, and for the first administrator. */
  readonly links: Links;

  private constructor(database: DatabaseSync, work: PasswordHashing, auth: Authentication, keepFrom: () => Date) {
    this.#database = database;
    this.#work = work;
    this.#auth = auth;
    this.#devices = new KnownDevices(database);
    this.links = new Links(database, keepFrom);
  }

  /**
   * Opens the accounts of a database, creates missing tables, and deletes sessions that expired more than 30 days ago.
   * @param changes replaces some of the functions that process passwords.
   * @param now returns the time by which the age of sessions and links is decided (DeskClock). The default is 1970, so
   * that nothing is deleted.
   */
  static async open(
    database: DatabaseSync,
    changes: Partial<PasswordHashing> = {},
    now: () => Date = () => new Date(0),
  ): Promise<Accounts> {
    const work = limitHashing(changes);
    const auth = await openAuthentication(database, work);
    const keepFrom = (): Date => new Date(now().getTime() - KEEP_ENDED);
    database.prepare('DELETE FROM session WHERE expiresAt <= ?').run(keepFrom().toISOString());
    return new Accounts(database, work, auth, keepFrom);
  }

  /** Returns all accounts, disabled ones too, oldest first. */
  all(): Account[] {
    const rows = this.#database.prepare(`SELECT ${COLUMNS} FROM user ORDER BY createdAt, username`).all();
    return rows.map((row) => stored.parse(row));
  }

  /** Returns whether there is an account with this login. Upper case and surrounding spaces do not matter. */
  has(login: string): boolean {
    return (
      this.#database.prepare('SELECT 1 FROM user WHERE username = ?').get(login.trim().toLowerCase()) !== undefined
    );
  }

  /**
   * Returns the account with this id.
   * @throws Refusal 404 if there is no such account.
   */
  require(id: string): Account {
    const row = this.#database.prepare(`SELECT ${COLUMNS} FROM user WHERE id = ?`).get(id);
    if (!row) throw new Refusal(404, '没有这个账号。请刷新页面再看。');
    return stored.parse(row);
  }

  /** Returns the accounts that can approve entries: reviewers and administrators who are not disabled. */
  reviewers(): Account[] {
    return this.all().filter((account) => !account.disabled && hasRole(account, 'reviewer'));
  }

  /** Returns whether the account with this id exists, has the role of administrator and is not disabled. */
  isAdministrator(id: string): boolean {
    const asked = "SELECT 1 FROM user WHERE id = ? AND role = 'administrator' AND COALESCE(banned, 0) = 0";
    return this.#database.prepare(asked).get(id) !== undefined;
  }

  /**
   * Creates an account and resolves to the account's editor. First checks and hashes the password, which takes about
   * 0.2 s of CPU time. So if the person has no session but a one-time link, the caller must check the link before this
   * call.
   * @param requireStill runs after the password is hashed, before the account is written; throws if the link is no
   * longer valid.
   * @throws Refusal 422 with a sentence for each wrong field, 409 if the login is taken.
   * @throws TooManyRequests 429 if too many passwords wait to be processed.
   */
  async create(
    { login, name, password, role: own, unit }: NewAccount,
    requireStill: () => void = () => undefined,
  ): Promise<Editor> {
    const spelled = login.trim().toLowerCase();
    const called = name.trim();
    const faults = [
      LOGIN.test(spelled) ? undefined : '登录名要 2 到 30 个字符：小写字母开头，只用字母、数字、下划线和点。',
      called === '' || [...called].length > MOST_NAME || /[\p{Cc}\p{Zl}\p{Zp}<>]/u.test(called)
        ? `姓名要 1 到 ${MOST_NAME} 个字，不用特殊符号。`
        : undefined,
      await this.#passwordFault(password, [spelled, called]),
      own === 'author' && unit === undefined ? '作者要有单位。' : undefined,
    ].filter((fault) => fault !== undefined);
    if (faults.length > 0) throw new Refusal(422, faults.join('\n'));
    const taken = new Refusal(409, `登录名“${spelled}”已经有人用了，请换一个。`);
    if (this.has(spelled)) throw taken;
    const hash = await this.#work.hash(password);
    requireStill();
    if (this.has(spelled)) throw taken;
    const { user } = await this.#auth.api.createUser({
      body: {
        email: mailOf(spelled),
        name: called,
        role: own,
        data: { username: spelled, displayUsername: spelled, ...(unit === undefined ? {} : { unit }) },
      },
    });
    const { internalAdapter } = await this.#auth.$context;
    await internalAdapter.linkAccount({
      accountId: user.id,
      providerId: 'credential',
      password: hash,
      userId: user.id,
    });
    return editorOf(this.require(user.id));
  }

  /**
   * Checks login and password, and starts a session. The cookies of the session also mark the browser as known for this
   * account (KnownDevices).
   * @throws Refusal 401 if login or password is wrong (one sentence for both), 403 if the account is disabled.
   * @throws TooManyRequests 429 after too many attempts.
   */
  async signIn(login: string, password: string, { address, cookies }: SignInRequest): Promise<Session> {
    const spelled = login.trim().toLowerCase();
    const device = this.#devices.find(spelled, cookies);
    return this.#attempts.run(LOGIN.test(spelled) ? spelled : '', { address, device }, async () => {
      const wrong = new Refusal(401, '登录名或密码不对。请检查大小写；忘了密码就请管理员发一条重设密码的链接。');
      if (!LOGIN.test(spelled) || password.length > MOST_PASSWORD) throw wrong;
      try {
        const { headers, response } = await this.#auth.api.signInUsername({
          body: { username: spelled, password },
          returnHeaders: true,
        });
        const editor = editorOf(this.require(response.user.id));
        const session = this.#database.prepare('SELECT id FROM session WHERE token = ?').get(response.token);
        return {
          id: String(session?.['id']),
          editor,
          cookies: [...headers.getSetCookie(), this.#devices.cookie(spelled)],
        };
      } catch (error) {
        if (!(error instanceof APIError)) throw error;
        if (error.body?.code === 'BANNED_USER') {
          throw new Refusal(403, '这个账号已经停用，不能登录。有疑问请联系管理员。');
        }
        throw wrong;
      }
    });
  }

  /**
   * Resolves to the session that the Cookie header of a request belongs to. Resolves to undefined if there is no such
   * session or its account is disabled. Prolongs the session if that is due; otherwise `cookies` is empty.
   */
  async sessionOf(headers: Headers): Promise<Session | undefined> {
    if (!headers.has('cookie')) return undefined;
    const found = await this.#auth.api.getSession({ headers });
    if (!found) return undefined;
    const { id } = found.session;
    const editor = this.editorIn(id);
    if (!editor) return undefined;
    return { id, editor, cookies: isDue(found) ? await this.#prolong(headers) : [] };
  }

  /** Prolongs the session of a request and resolves to the Set-Cookie headers. */
  async #prolong(headers: Headers): Promise<string[]> {
    const { headers: response } = await this.#auth.api.getSession({ headers, method: 'POST', returnHeaders: true });
    return response?.getSetCookie() ?? [];
  }

  /**
   * Returns the editor of a session, given its id, with the role and unit of this moment. Returns undefined if the
   * session was deleted or its account is disabled. Does not check whether the session has expired: `sessionOf` does.
   */
  editorIn(session: string): Editor | undefined {
    const row = this.#database
      .prepare(`SELECT ${COLUMNS} FROM user WHERE id = (SELECT userId FROM session WHERE id = ?)`)
      .get(session);
    const account = row && stored.parse(row);
    return account && !account.disabled ? editorOf(account) : undefined;
  }

  /** Deletes the session of a request. Resolves to the Set-Cookie headers that remove its cookies from the browser. */
  async signOut(headers: Headers): Promise<string[]> {
    return (await this.#auth.api.signOut({ headers, returnHeaders: true })).headers.getSetCookie();
  }

  /**
   * Changes the password of an editor who is signed in. Deletes all sessions of the account, starts a new one for this
   * browser, and deletes the password links of the account. Resolves to the Set-Cookie headers of the new session.
   * @throws Refusal 422 if the current password is wrong or the new one is not acceptable.
   * @throws TooManyRequests 429 after too many attempts.
   */
  async changePassword(editor: Editor, headers: Headers, current: string, next: string): Promise<string[]> {
    const length = lengthFault(next);
    if (length !== undefined) throw new Refusal(422, length);
    return this.#attempts.runSignedIn(editor.login, async () => {
      const fault = await this.#passwordFault(next, [editor.login, editor.name]);
      if (fault !== undefined) throw new Refusal(422, fault);
      try {
        const body = { currentPassword: current, newPassword: next, revokeOtherSessions: true };
        const { headers: response } = await this.#auth.api.changePassword({ headers, body, returnHeaders: true });
        this.links.endFor(editor.id);
        return response.getSetCookie();
      } catch (error) {
        if (error instanceof APIError) throw new Refusal(422, '现在的密码不对，没有更改。');
        throw error;
      }
    });
  }

  /**
   * Returns the token of a new link with which the owner of an account can set a new password once.
   * @param issuer id of the administrator who issues the link; undefined if a command on the server issues it.
   * @throws Refusal 404 if there is no such account, 409 if it is disabled.
   */
  passwordLink(id: string, issuer?: string): string {
    const { disabled } = this.require(id);
    if (disabled) throw new Refusal(409, '这个账号停用着，不能发链接。请先恢复它。');
    return this.links.issue({ kind: 'password', account: id, issuer });
  }

  /**
   * Sets the password of the account that a link's token belongs to. Deletes all sessions of the account, revokes its
   * other password links, and resets the count of its failed sign-ins. Resolves to the account's login. The link is
   * checked first, because checking and hashing a password takes about 0.2 s of CPU time.
   * @throws Refusal 403 if the link is unknown, used, expired or revoked; 422 if the password is not acceptable: the
   * link then stays valid.
   * @throws TooManyRequests 429 if too many passwords wait to be processed.
   */
  async setPassword(token: string, password: string): Promise<string> {
    const { account } = this.#requireLink(token);
    const { id, login, name } = account;
    const fault = await this.#passwordFault(password, [login, name]);
    if (fault !== undefined) throw new Refusal(422, fault);
    const hash = await this.#work.hash(password);
    const { internalAdapter } = await this.#auth.$context;
    // The link is checked again: it may have been used, or its issuer disabled, while the password was checked and
    // hashed.
    const { link } = this.#requireLink(token);
    await this.links.use(link, async () => {
      await internalAdapter.deleteUserSessions(id);
      await internalAdapter.updatePassword(id, hash);
    });
    await this.#attempts.forgive(login);
    return login;
  }

  /**
   * Disables an account. Deletes its sessions, its password links and the links that it has issued; enabling the
   * account does not restore them.
   * @param headers the headers of the administrator's request.
   * @throws Refusal 404 if there is no such account, 409 if it is the administrator's own account or the only
   * administrator's.
   */
  async disable(id: string, headers: Headers): Promise<void> {
    this.#requireOtherAdministrator(id);
    const own = await this.sessionOf(headers);
    if (own?.editor.id === id) throw new Refusal(409, '不能停用自己的账号：请另一位管理员来做。');
    await this.#auth.api.banUser({ headers, body: { userId: id } });
    this.#endLinks(id);
  }

  /**
   * Enables a disabled account. Deletes its password links and the links that it has issued, in case the desk was
   * killed while it disabled the account.
   * @param headers the headers of the administrator's request.
   * @throws Refusal 404 if there is no such account.
   */
  async enable(id: string, headers: Headers): Promise<void> {
    this.require(id);
    this.#endLinks(id);
    await this.#auth.api.unbanUser({ headers, body: { userId: id } });
  }

  /**
   * Sets the role and unit of an account. Deletes the links that the account has issued, except if the account was an
   * administrator's before and still is.
   * @param headers the headers of the administrator's request.
   * @throws Refusal 404 if there is no such account, 409 if the only administrator would lose the role, 422 if an
   * author would have no unit.
   */
  async change(id: string, { role: own, unit }: AccountChange, headers: Headers): Promise<void> {
    if (own !== 'administrator') this.#requireOtherAdministrator(id);
    if (own === 'author' && unit === undefined) throw new Refusal(422, '作者要有单位，没有更改。');
    const before = this.require(id);
    if (before.role !== 'administrator') this.links.endBy(id);
    await this.#auth.api.adminUpdateUser({ headers, body: { userId: id, data: { role: own, unit: unit ?? null } } });
    if (own !== 'administrator') this.links.endBy(id);
  }

  #endLinks(id: string): void {
    this.links.endFor(id);
    this.links.endBy(id);
  }

  /**
   * Resolves to a Chinese sentence if a password is refused, otherwise to undefined. The strength of a password with a
   * wrong length is not estimated.
   * @param own words that count as guessed: login and name.
   */
  async #passwordFault(password: string, own: readonly string[]): Promise<string | undefined> {
    return lengthFault(password) ?? this.#work.fault(password, own);
  }

  /**
   * Returns the password link of a token and the link's account.
   * @throws Refusal 403 if the link is unknown, used or expired, its issuer is no longer an administrator, or its
   * account is disabled.
   */
  #requireLink(token: string): { link: PasswordLink; account: Account } {
    const link = this.links.find(token);
    if (link?.kind !== 'password') throw linkEnded();
    if (link.issuer !== undefined && !this.isAdministrator(link.issuer)) throw linkEnded();
    const account = this.require(link.account);
    if (account.disabled) throw linkEnded();
    return { link, account };
  }

  /**
   * Checks that the desk still has an administrator if this account is disabled or gets another role.
   * @throws Refusal 404 if there is no such account, 409 if it is an administrator's account and all other
   * administrators are disabled or there are none.
   */
  #requireOtherAdministrator(id: string): void {
    const own = this.require(id);
    const others = this.all().filter((account) => account.id !== id && !account.disabled);
    if (own.role !== 'administrator' || others.some((account) => account.role === 'administrator')) return;
    throw new Refusal(409, '这是唯一的管理员：请先让另一位做管理员，再改这个账号。');
  }
}
