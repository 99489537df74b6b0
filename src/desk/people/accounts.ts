import type { DatabaseSync } from 'node:sqlite';
import { APIError } from 'better-auth';
import pLimit from 'p-limit';
import { z } from 'zod';
import { hasRole, role, type Role } from '../../model/roles.ts';
import { Refusal } from '../refusal.ts';
import { openAuthentication, type Authentication } from './authentication.ts';
import type { Editor } from './editor.ts';
import { passwordFault } from './passwords.ts';
import { SignInAttempts } from './sign-in-attempts.ts';

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

/** A session that has just begun or gone on: whose, and the Set-Cookie lines that tell the browser. */
export interface Session {
  editor: Editor;
  cookies: string[];
}

const LOGIN = /^[a-z][a-z0-9_.]{1,29}$/u;
const MOST_NAME = 20;

const COLUMNS = 'id, username AS login, name, role, unit, COALESCE(banned, 0) AS disabled, createdAt AS created';

/** What the library has told last. */
interface News {
  token?: string;
  mail?: string;
}

/** The library wants a mail address for everybody; here nobody has one. */
function mailOf(login: string): string {
  return `${login}@desk.invalid`;
}

function editorOf({ id, login, name, role: own, unit }: Account): Editor {
  return { id, login, name, role: own, unit };
}

/** Who works at the desk, their passwords and sessions: better-auth on the desk's own database. */
export class Accounts {
  readonly #database: DatabaseSync;
  readonly #auth: Authentication;
  readonly #attempts = new SignInAttempts();
  /** Links and new passwords that the library has just told of: one at a time is asked for. */
  readonly #news: News;
  readonly #linking = pLimit(1);

  private constructor(database: DatabaseSync, auth: Authentication, news: News) {
    this.#database = database;
    this.#auth = auth;
    this.#news = news;
  }

  static async open(database: DatabaseSync): Promise<Accounts> {
    const news: News = {};
    const auth = await openAuthentication(database, {
      link: (_mail, token) => (news.token = token),
      set: (mail) => (news.mail = mail),
    });
    return new Accounts(database, auth, news);
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

  /** Makes an account. Throws a Refusal that says all that is wrong with it. */
  async create({ login, name, password, role: own, unit }: NewAccount): Promise<Editor> {
    const spelled = login.trim().toLowerCase();
    const called = name.trim();
    const faults = [
      LOGIN.test(spelled) ? undefined : '登录名要 2 到 30 个字符：小写字母开头，只用字母、数字、下划线和点。',
      called === '' || [...called].length > MOST_NAME || /[\p{Cc}\p{Zl}\p{Zp}<>]/u.test(called)
        ? `姓名要 1 到 ${MOST_NAME} 个字，不用特殊符号。`
        : undefined,
      passwordFault(password, [spelled, called]),
      own === 'author' && unit === undefined ? '作者要有单位。' : undefined,
    ].filter((fault) => fault !== undefined);
    if (faults.length > 0) throw new Refusal(422, faults.join('\n'));
    if (this.has(spelled)) {
      throw new Refusal(409, `登录名“${spelled}”已经有人用了，请换一个。`);
    }
    const { user } = await this.#auth.api.createUser({
      body: {
        email: mailOf(spelled),
        password,
        name: called,
        role: own,
        data: { username: spelled, displayUsername: spelled, ...(unit === undefined ? {} : { unit }) },
      },
    });
    return editorOf(this.require(user.id));
  }

  /**
   * Begins a session; `address`: where the request came from. Throws a Refusal: wrong (401, the same for login and
   * password), disabled (403), tried too often (429).
   */
  async signIn(login: string, password: string, address: string): Promise<Session> {
    const spelled = login.trim().toLowerCase();
    return this.#attempts.run(spelled, address, async () => {
      const wrong = new Refusal(401, '登录名或密码不对。请检查大小写；忘了密码就请管理员发一条重设密码的链接。');
      if (!LOGIN.test(spelled) || password.length > 1000) throw wrong;
      try {
        const { headers, response } = await this.#auth.api.signInUsername({
          body: { username: spelled, password },
          returnHeaders: true,
        });
        return { editor: editorOf(this.require(response.user.id)), cookies: headers.getSetCookie() };
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
    const { headers: answered, response } = await this.#auth.api.getSession({ headers, returnHeaders: true });
    if (!response) return undefined;
    const account = this.require(response.user.id);
    return account.disabled ? undefined : { editor: editorOf(account), cookies: answered?.getSetCookie() ?? [] };
  }

  /** Ends the session of a request; answers the Set-Cookie lines. */
  async signOut(headers: Headers): Promise<string[]> {
    return (await this.#auth.api.signOut({ headers, returnHeaders: true })).headers.getSetCookie();
  }

  /** Sets the own password anew and ends every other session. Throws a Refusal where one of the passwords is wrong. */
  async changePassword(editor: Editor, headers: Headers, current: string, next: string): Promise<string[]> {
    const fault = passwordFault(next, [editor.login, editor.name]);
    if (fault !== undefined) throw new Refusal(422, fault);
    return this.#attempts.run(editor.login, editor.login, async () => {
      try {
        const body = { currentPassword: current, newPassword: next, revokeOtherSessions: true };
        return (await this.#auth.api.changePassword({ headers, body, returnHeaders: true })).headers.getSetCookie();
      } catch (error) {
        if (error instanceof APIError) throw new Refusal(422, '现在的密码不对，没有更改。');
        throw error;
      }
    });
  }

  /** The token of a link by which somebody sets a new password, once. */
  async passwordLink(id: string): Promise<string> {
    const { login } = this.require(id);
    return this.#linking(async () => {
      delete this.#news.token;
      await this.#auth.api.requestPasswordReset({ body: { email: mailOf(login) } });
      if (this.#news.token === undefined) throw new Error(`No link was made for ${login}.`);
      return this.#news.token;
    });
  }

  /**
   * Sets a password by the token of such a link, which ends every session of its account; answers its login. Throws a
   * Refusal: the link is used, old or wrong, or the password is refused (and the link can be used again).
   */
  async setPassword(token: string, password: string): Promise<string> {
    const fault = passwordFault(password, []);
    if (fault !== undefined) throw new Refusal(422, fault);
    const mail = await this.#linking(async () => {
      delete this.#news.mail;
      try {
        await this.#auth.api.resetPassword({ body: { token, newPassword: password } });
        return this.#news.mail ?? '';
      } catch (error) {
        if (error instanceof APIError) throw new Refusal(403, '这条链接已经用过、过期或不完整。请管理员再发一条。');
        throw error;
      }
    });
    const login = mail.slice(0, mail.indexOf('@'));
    await this.#attempts.forgive(login);
    return login;
  }

  /** Lets an account no longer in, and ends its sessions. `headers`: those of the administrator's request. */
  async disable(id: string, headers: Headers): Promise<void> {
    this.#requireAdministratorBeside(id);
    await this.#auth.api.banUser({ headers, body: { userId: id } });
  }

  async enable(id: string, headers: Headers): Promise<void> {
    this.require(id);
    await this.#auth.api.unbanUser({ headers, body: { userId: id } });
  }

  /** Gives an account another role or unit. */
  async change(id: string, { role: own, unit }: AccountChange, headers: Headers): Promise<void> {
    if (own !== 'administrator') this.#requireAdministratorBeside(id);
    if (own === 'author' && unit === undefined) throw new Refusal(422, '作者要有单位，没有更改。');
    await this.#auth.api.adminUpdateUser({ headers, body: { userId: id, data: { role: own, unit: unit ?? null } } });
  }

  /** Throws a Refusal (409) where nobody else could administer the desk. */
  #requireAdministratorBeside(id: string): void {
    const own = this.require(id);
    const others = this.all().filter((account) => account.id !== id && !account.disabled);
    if (own.role !== 'administrator' || others.some((account) => account.role === 'administrator')) return;
    throw new Refusal(409, '这是唯一的管理员：请先让另一位做管理员，再改这个账号。');
  }
}
