import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { setCookies } from '../authorisation/session-guards.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { Editor } from '../domain/editor.ts';
import type { Invitations } from '../accounts/invitations.ts';
import { LinkAttempts } from '../accounts/link-attempts.ts';
import { Refusal, TooManyRequests } from '../domain/refusal.ts';
import { firstPage, invitationPage, passwordPage, plainPage, signInPage } from './sign-in-pages.ts';
import { sendPage } from './send-page.ts';

export interface SignInDeps {
  accounts: Accounts;
  invitations: Invitations;
  audit: AuditLog;
  /** Is the sample content still there? */
  hasSample(): Promise<boolean>;
  /** Takes the sample content away. */
  clearSample(editor: Editor): Promise<void>;
  /** The full name of a unit. */
  unitName(code: string): Promise<string>;
}

const word = z.string().max(1000).catch('');
const link = z.object({ token: word });
const account = z.object({ token: word, login: word, name: word, password: word, sample: word });
const signIn = z.object({ login: word, password: word, next: word });

/** Where somebody goes after signing in: a place of the desk, never another site. */
function placeAfter(next: string): string {
  const home = 'http://desk.invalid';
  const { origin, pathname, search } = URL.canParse(next, home) ? new URL(next, home) : new URL(home);
  return origin === home && /^\/(?:desk|admin)\//u.test(pathname) ? pathname + search : '/desk/';
}

/** Says that there is a first administrator already, or that the link is wrong. */
function firstOver(): string {
  const text = '这条链接已经用过或不完整。已经有管理员的话，请直接';
  return plainPage('链接不能用了', text, { address: '/desk/sign-in', text: '登录' });
}

/** What a request's form says; a form that is none says nothing. */
function formOf<Shape extends z.ZodObject>(schema: Shape, body: unknown): z.output<Shape> {
  return schema.parse(typeof body === 'object' && body !== null ? body : {});
}

/**
 * The ways in: signing in, the first administrator, invitations, new passwords. Nobody is signed in here yet, so that
 * every form is counted first, and then a link must be good, before a password is judged or hashed.
 */
export function signInRoutes(server: FastifyInstance, rooms: SignInDeps): void {
  const { accounts, invitations, audit } = rooms;
  const attempts = new LinkAttempts();

  async function enter(
    request: FastifyRequest,
    reply: FastifyReply,
    login: string,
    password: string,
    next: string,
  ): Promise<FastifyReply> {
    const { editor, cookies } = await accounts.signIn(login, password, {
      address: request.ip,
      cookies: request.headers.cookie,
    });
    audit.note(editor, '登录');
    setCookies(request, reply, cookies);
    return reply.redirect(next, 303);
  }

  const tokenOf = (request: FastifyRequest): string => formOf(link, request.query).token;

  // A HEAD request, as mail programs send to look at a link, must not be taken for a visit.
  server.get('/sign-in', { exposeHeadRoute: false }, async (request, reply) =>
    sendPage(reply, signInPage(placeAfter(formOf(signIn, request.query).next))),
  );

  server.post('/sign-in', async (request, reply) => {
    const { login, password, next } = formOf(signIn, request.body);
    try {
      return await enter(request, reply, login, password, placeAfter(next));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error instanceof TooManyRequests) reply.header('retry-after', String(error.seconds));
      // Each attempt that is let through is noted, so that strangers cannot make the record grow without end; and a
      // login only where it is one: people type passwords into the wrong field.
      else audit.note({ login: accounts.has(login) ? login : '（没有这个登录名）', name: '' }, '登录失败');
      const page = signInPage(placeAfter(next), { login }, { kind: 'error', text: error.message });
      return sendPage(reply, page, error.status);
    }
  });

  server.get('/first', { exposeHeadRoute: false }, async (request, reply) => {
    const token = tokenOf(request);
    if (invitations.isFirst(token)) return sendPage(reply, firstPage(token, await rooms.hasSample()));
    return sendPage(reply, firstOver(), 403);
  });

  server.post('/first', async (request, reply) => {
    const { token, login, name, password, sample } = formOf(account, request.body);
    await attempts.admit(token, request.ip);
    if (!invitations.isFirst(token)) return sendPage(reply, firstOver(), 403);
    try {
      const editor = await invitations.acceptFirst(token, { login, name, password });
      audit.note(editor, '设立第一位管理员');
      if (sample !== 'clear') return await enter(request, reply, login, password, '/desk/');
      const cleared = rooms.clearSample(editor).then(
        () => undefined,
        (error: unknown) => {
          if (error instanceof Refusal) return error;
          throw error;
        },
      );
      const refused = await cleared;
      if (!refused) return await enter(request, reply, login, password, '/desk/');
      // The account was created, and the link is used up.
      const text = `管理员设好了，示例内容没有清空：${refused.message} 登录以后可以在工作台再清一次：`;
      const onward = { address: '/desk/sign-in', text: '去登录' };
      return await sendPage(reply, plainPage('示例没有清空', text, onward), refused.status);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return sendPage(reply, firstPage(token, await rooms.hasSample(), { login, name }, error.message), error.status);
    }
  });

  server.get('/invitation', { exposeHeadRoute: false }, async (request, reply) => {
    const token = tokenOf(request);
    const invitation = invitations.require(token);
    return sendPage(reply, invitationPage(token, invitation, await unitOf(invitation.unit)));
  });

  server.post('/invitation', async (request, reply) => {
    const { token, login, name, password } = formOf(account, request.body);
    await attempts.admit(token, request.ip);
    const invitation = invitations.require(token);
    try {
      audit.note(await invitations.accept(token, { login, name, password }), '接受邀请');
      return await enter(request, reply, login, password, '/desk/');
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const page = invitationPage(token, invitation, await unitOf(invitation.unit), { login, name }, error.message);
      return sendPage(reply, page, error.status);
    }
  });

  server.get('/password', { exposeHeadRoute: false }, async (request, reply) =>
    sendPage(reply, passwordPage(tokenOf(request))),
  );

  server.post('/password', async (request, reply) => {
    const { token, password } = formOf(account, request.body);
    await attempts.admit(token, request.ip);
    try {
      const login = await accounts.setPassword(token, password);
      audit.note({ login, name: '' }, '用链接设定新密码');
      const message = { kind: 'done', text: '新密码设好了，请用它登录。' } as const;
      return sendPage(reply, signInPage('/desk/', { login }, message));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return sendPage(reply, passwordPage(token, error.message), error.status);
    }
  });

  async function unitOf(code: string | undefined): Promise<string | undefined> {
    return code === undefined ? undefined : rooms.unitName(code);
  }
}
