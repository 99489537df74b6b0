import type { DatabaseSync } from 'node:sqlite';
import { APIError } from 'better-auth';
import { z } from 'zod';
import { hasRole, role, type Role } from '../../model/roles.ts';
import { Refusal } from '../domain/refusal.ts';
import { openAuthentication, type Authentication } from './authentication.ts';
import type { Editor } from '../domain/editor.ts';
import { KnownDevices } from './known-devices.ts';
import { lengthFault, MOST_PASSWORD } from './password-length.ts';
import { PasswordLinks, type PasswordLink } from './password-links.ts';
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

/** Somebody who may, or might once, sign in. Accounts are disabled, never deleted: history names them. */
export type Account = z.infer<typeof stored>;

/** What a new account is made of. */
export interface NewAccount {
  login: string;
  name: string;
  password: string;
  role: Role;
  unit: string | undefined;
}

/** What an administrator changes of an account. */
export type AccountChange = Pick<Account, 'role' | 'unit'>;

/** A session that has just begun or gone on: its id, whose it is, and the Set-Cookie lines that tell the browser. */
export interface Session {
  id: string;
  editor: Editor;
  cookies: string[];
}

const LOGIN = /^[a-z][a-z0-9_.]{1,29}$/u;
const MOST_NAME = 20;

const COLUMNS = 'id, username AS login, name, role, unit, COALESCE(banned, 0) AS disabled, createdAt AS created';

/**
 * How long sessions and links are kept that have ended, in milliseconds: by a wall clock that is wrong they end too
 * early, and are good again when it is put right. A start by such a clock counts for up to a day (DeskClock).
 */
const KEEP_ENDED = 30 * 86_400_000;

/** Where a request to sign in comes from. */
export interface SignInRequest {
  address: string;
  /** Its Cookie header. */
  cookies: string | undefined;
}

/** The library wants a mail address for everybody; here nobody has one. */
function mailOf(login: string): string {
  return `${login}@desk.invalid`;
}

function editorOf({ id, login, name, role: own, unit }: Account): Editor {
  return { id, login, name, role: own, unit };
}

/** Does the library say that it is time to prolong a session? */
function isDue(found: object): boolean {
  return 'needsRefresh' in found && found.needsRefresh === true;
}

/** Who works at the desk, their passwords and sessions: better-auth on the desk's own database. */
export class Accounts {
  readonly #database: DatabaseSync;
  readonly #work: PasswordHashing;
  readonly #auth: Authentication;
  readonly #attempts = new SignInLimiter();
  readonly #devices: KnownDevices;
  readonly #links: PasswordLinks;
  readonly #onStandingDown: ((id: string) => void)[] = [];

  private constructor(database: DatabaseSync, work: PasswordHashing, auth: Authentication, old: () => Date) {
    this.#database = database;
    this.#work = work;
    this.#auth = auth;
    this.#devices = new KnownDevices(database);
    this.#links = new PasswordLinks(database, old);
  }

  /**
   * Opens the accounts of a database, and deletes sessions that ended long ago. `changes`: what of the work on passwords
   * is not done as usual; `now` answers the time by which something is old (see DeskClock); absent: nothing is deleted.
   */
  static async open(
    database: DatabaseSync,
    changes: Partial<PasswordHashing> = {},
    now: () => Date = () => new Date(0),
  ): Promise<Accounts> {
    const work = limitHashing(changes);
    const auth = await openAuthentication(database, work);
    const old = (): Date => new Date(now().getTime() - KEEP_ENDED);
    database.prepare('DELETE FROM session WHERE expiresAt <= ?').run(old().toISOString());
    return new Accounts(database, work, auth, old);
  }

  /** Everybody, in the order in which they came. */
  all(): Account[] {
    const rows = this.#database.prepare(`SELECT ${COLUMNS} FROM user ORDER BY createdAt, username`).all();
    return rows.map((row) => stored.parse(row));
  }

  /** Is there an account of this login? */
  has(login: string): boolean {
    return (
      this.#database.prepare('SELECT 1 FROM user WHERE username = ?').get(login.trim().toLowerCase()) !== undefined
    );
  }

  /** The account of an id. Throws a Refusal (404) where there is none. */
  require(id: string): Account {
    const row = this.#database.prepare(`SELECT ${COLUMNS} FROM user WHERE id = ?`).get(id);
    if (!row) throw new Refusal(404, '没有这个账号。请刷新页面再看。');
    return stored.parse(row);
  }

  /** Those who can approve entries. */
  reviewers(): Account[] {
    return this.all().filter((account) => !account.disabled && hasRole(account, 'reviewer'));
  }

  /** Is somebody an administrator who may sign in, at this moment? */
  isAdministrator(id: string): boolean {
    const asked = "SELECT 1 FROM user WHERE id = ? AND role = 'administrator' AND COALESCE(banned, 0) = 0";
    return this.#database.prepare(asked).get(id) !== undefined;
  }

  /**
   * Makes an account after judging and hashing its password: callers check a link first where there is no session.
   * `requireStill` runs before the account is written and throws where the link is no longer good. @throws Refusal that
   * says all that is wrong with it.
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
   * Begins a session, and makes the browser known as one of this account. @throws Refusal: wrong (401, the same for
   * login and password), disabled (403), tried too often (429).
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

  /** Whose session a request's headers carry, undefined: nobody's; `cookies`: what prolongs it, if it is time. */
  async sessionOf(headers: Headers): Promise<Session | undefined> {
    if (!headers.has('cookie')) return undefined;
    const found = await this.#auth.api.getSession({ headers });
    if (!found) return undefined;
    const { id } = found.session;
    const editor = this.editorIn(id);
    if (!editor) return undefined;
    return { id, editor, cookies: isDue(found) ? await this.#prolong(headers) : [] };
  }

  /** Lets a session that goes on end later; answers the Set-Cookie lines. */
  async #prolong(headers: Headers): Promise<string[]> {
    const { headers: answered } = await this.#auth.api.getSession({ headers, method: 'POST', returnHeaders: true });
    return answered?.getSetCookie() ?? [];
  }

  /** Whose a session is at this moment, with the role and unit of this moment; undefined: it has ended. */
  editorIn(session: string): Editor | undefined {
    const row = this.#database
      .prepare(`SELECT ${COLUMNS} FROM user WHERE id = (SELECT userId FROM session WHERE id = ?)`)
      .get(session);
    const account = row && stored.parse(row);
    return account && !account.disabled ? editorOf(account) : undefined;
  }

  /** Ends the session of a request; answers the Set-Cookie lines. */
  async signOut(headers: Headers): Promise<string[]> {
    return (await this.#auth.api.signOut({ headers, returnHeaders: true })).headers.getSetCookie();
  }

  /**
   * Sets the own password, and ends every other session and the links for another one. @throws Refusal where one of the
   * passwords is wrong (422) or too many were (429).
   */
  async changePassword(editor: Editor, headers: Headers, current: string, next: string): Promise<string[]> {
    const length = lengthFault(next);
    if (length !== undefined) throw new Refusal(422, length);
    return this.#attempts.runSignedIn(editor.login, async () => {
      const fault = await this.#passwordFault(next, [editor.login, editor.name]);
      if (fault !== undefined) throw new Refusal(422, fault);
      try {
        const body = { currentPassword: current, newPassword: next, revokeOtherSessions: true };
        const { headers: answered } = await this.#auth.api.changePassword({ headers, body, returnHeaders: true });
        this.#links.endFor(editor.id);
        return answered.getSetCookie();
      } catch (error) {
        if (error instanceof APIError) throw new Refusal(422, '现在的密码不对，没有更改。');
        throw error;
      }
    });
  }

  /**
   * Answers the token of a link by which somebody sets a new password, once; `issuer`: the id of who makes it, undefined
   * on the server itself. @throws Refusal (409) where the account is disabled.
   */
  passwordLink(id: string, issuer?: string): string {
    const { disabled } = this.require(id);
    if (disabled) throw new Refusal(409, '这个账号停用着，不能发链接。请先恢复它。');
    return this.#links.issue(id, issuer);
  }

  /**
   * Sets a password by the token of such a link, which ends every session of its account and its other links; answers
   * its login. Nothing is judged or hashed before the link is known to be good. @throws Refusal: the link is used, ended, old
   * or wrong (403), or the password is refused (422; the link can be used again).
   */
  async setPassword(token: string, password: string): Promise<string> {
    const { account } = this.#requireLink(token);
    const { id, login, name } = account;
    const fault = await this.#passwordFault(password, [login, name]);
    if (fault !== undefined) throw new Refusal(422, fault);
    const hash = await this.#work.hash(password);
    // Again: it may have been used, or its issuer disabled, while the password was judged and hashed.
    const { link } = this.#requireLink(token);
    if (!this.#links.use(link)) throw linkOver();
    const { internalAdapter } = await this.#auth.$context;
    try {
      await internalAdapter.deleteUserSessions(id);
      await internalAdapter.updatePassword(id, hash);
    } catch (error) {
      this.#links.giveBack(link);
      throw error;
    }
    await this.#attempts.forgive(login);
    return login;
  }

  /**
   * Lets an account no longer in. Its sessions end, and so do the links for it and those that it has made: they stay
   * ended when it is enabled again. `headers`: those of the administrator's request.
   */
  async disable(id: string, headers: Headers): Promise<void> {
    this.#requireAdministratorBeside(id);
    const own = await this.sessionOf(headers);
    if (own?.editor.id === id) throw new Refusal(409, '不能停用自己的账号：请另一位管理员来做。');
    await this.#auth.api.banUser({ headers, body: { userId: id } });
    this.#endLinks(id);
  }

  /** Lets an account in again. What had ended with it stays ended, even if the desk was killed meanwhile. */
  async enable(id: string, headers: Headers): Promise<void> {
    this.require(id);
    this.#endLinks(id);
    await this.#auth.api.unbanUser({ headers, body: { userId: id } });
  }

  /** Gives an account another role or unit. Links that it made as an administrator end with that role. */
  async change(id: string, { role: own, unit }: AccountChange, headers: Headers): Promise<void> {
    if (own !== 'administrator') this.#requireAdministratorBeside(id);
    if (own === 'author' && unit === undefined) throw new Refusal(422, '作者要有单位，没有更改。');
    const before = this.require(id);
    if (before.role !== 'administrator') this.#standDown(id);
    await this.#auth.api.adminUpdateUser({ headers, body: { userId: id, data: { role: own, unit: unit ?? null } } });
    if (own !== 'administrator') this.#standDown(id);
  }

  /** Calls a listener with the id of an account that is disabled or loses the role of administrator: what it issued ends. */
  onStandingDown(listener: (id: string) => void): void {
    this.#onStandingDown.push(listener);
  }

  #endLinks(id: string): void {
    this.#links.endFor(id);
    this.#standDown(id);
  }

  #standDown(id: string): void {
    this.#links.endBy(id);
    for (const listener of this.#onStandingDown) listener(id);
  }

  /** Says why a password is refused; what its length says already is not judged. */
  async #passwordFault(password: string, own: readonly string[]): Promise<string | undefined> {
    return lengthFault(password) ?? this.#work.fault(password, own);
  }

  /** The link of a token, and whose it is. @throws Refusal (403) where it is not good. */
  #requireLink(token: string): { link: PasswordLink; account: Account } {
    const link = this.#links.find(token);
    if (!link || (link.issuer !== null && !this.isAdministrator(link.issuer))) throw linkOver();
    const account = this.require(link.account);
    if (account.disabled) throw linkOver();
    return { link, account };
  }

  /** Throws a Refusal (409) where nobody else could administer the desk. */
  #requireAdministratorBeside(id: string): void {
    const own = this.require(id);
    const others = this.all().filter((account) => account.id !== id && !account.disabled);
    if (own.role !== 'administrator' || others.some((account) => account.role === 'administrator')) return;
    throw new Refusal(409, '这是唯一的管理员：请先让另一位做管理员，再改这个账号。');
  }
}

/** A link that lets nobody in any more. */
export function linkOver(): Refusal {
  return new Refusal(403, '这条链接已经用过、失效、过期或不完整。请管理员再发一条。');
}
