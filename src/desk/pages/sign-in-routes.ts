import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { roleWords } from '../../model/roles.ts';
import { access } from '../authorisation/route-access.ts';
import { setCookies } from '../authorisation/session-guards.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { Editor } from '../domain/editor.ts';
import type { Invitations } from '../accounts/invitations.ts';
import { LinkAttempts } from '../accounts/link-attempts.ts';
import { Refusal, TooManyRequests } from '../domain/refusal.ts';
import type { StillAllowed } from '../publishing/publish-queue.ts';
import { firstPage, invitationPage, passwordPage, plainPage, signInPage } from './sign-in-pages.ts';
import { sendPage } from './shell/send-page.ts';

export interface SignInDeps {
  accounts: Accounts;
  invitations: Invitations;
  audit: AuditLog;
  /** Resolves to whether the sample content still exists. */
  hasSample(): Promise<boolean>;
  /** Deletes the sample content. */
  clearSample(editor: Editor, stillAllowed: StillAllowed): Promise<void>;
  /** Resolves to the full name of a unit. */
  unitName(code: string): Promise<string>;
}

const word = z.string().max(1000).catch('');
const link = z.object({ token: word });
const account = z.object({ token: word, login: word, name: word, password: word, sample: word });
const signIn = z.object({ login: word, password: word, next: word });

/**
 * Returns the path to which a person is redirected after signing in: a page of the desk or editor, never of another
 * site.
 */
function placeAfter(next: string): string {
  const home = 'http://desk.invalid';
  const { origin, pathname, search } = URL.canParse(next, home) ? new URL(next, home) : new URL(home);
  return origin === home && /^\/(?:desk|admin)\//u.test(pathname) ? pathname + search : '/desk/';
}

/** Returns the page for a link that cannot create the first administrator: the link is wrong, or was used already. */
function firstOver(): string {
  const text = '这条链接已经用过或不完整。已经有管理员的话，请直接';
  return plainPage('链接不能用了', text, { address: '/desk/sign-in', text: '登录' });
}

/** Parses the form in a request. A body that is not an object counts as a form without fields. */
function formOf<Shape extends z.ZodObject>(schema: Shape, body: unknown): z.output<Shape> {
  return schema.parse(typeof body === 'object' && body !== null ? body : {});
}

/**
 * Registers the pages for signing in, the first administrator, invitations and new passwords. Anybody can send these
 * forms without a session, so a stranger could make the server hash many passwords, which is expensive. Therefore every
 * sent form is first counted as an attempt. Then the token of the link is checked, if the form has one. Only then is a
 * password checked or hashed.
 */
export function signInRoutes(server: FastifyInstance, deps: SignInDeps): void {
  const { accounts, invitations, audit } = deps;
  // No session is required: the token in the form decides.
  const anyone = access({ who: 'anyone' });
  // HEAD requests are not routed: mail programs send them to check a link, and they must not count as visits.
  const visited = { exposeHeadRoute: false, ...anyone };
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
    audit.record(editor, '登录');
    setCookies(request, reply, cookies);
    return reply.redirect(next, 303);
  }

  const tokenOf = (request: FastifyRequest): string => formOf(link, request.query).token;

  server.get('/sign-in', visited, async (request, reply) =>
    sendPage(reply, signInPage(placeAfter(formOf(signIn, request.query).next))),
  );

  server.post('/sign-in', anyone, async (request, reply) => {
    const { login, password, next } = formOf(signIn, request.body);
    try {
      return await enter(request, reply, login, password, placeAfter(next));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error instanceof TooManyRequests) reply.header('retry-after', String(error.seconds));
      // Attempts over the limit are not recorded, so that strangers cannot make the audit log grow without limit. A
      // login is recorded only if it exists, because people type passwords into the wrong field.
      else audit.record({ login: accounts.has(login) ? login : '（没有这个登录名）', name: '' }, '登录失败');
      const page = signInPage(placeAfter(next), { login }, { kind: 'error', text: error.message });
      return sendPage(reply, page, error.status);
    }
  });

  server.get('/first', visited, async (request, reply) => {
    const token = tokenOf(request);
    if (invitations.isFirst(token)) return sendPage(reply, firstPage(token, await deps.hasSample()));
    return sendPage(reply, firstOver(), 403);
  });

  server.post('/first', anyone, async (request, reply) => {
    const { token, login, name, password, sample } = formOf(account, request.body);
    await attempts.admit(token, request.ip);
    if (!invitations.isFirst(token)) return sendPage(reply, firstOver(), 403);
    try {
      const editor = await invitations.acceptFirst(token, { login, name, password });
      audit.record(editor, '设立第一位管理员');
      if (sample !== 'clear') return await enter(request, reply, login, password, '/desk/');
      const cleared = deps
        .clearSample(editor, async () => requireAdministrator(editor))
        .then(
          () => undefined,
          (error: unknown) => {
            if (error instanceof Refusal) return error;
            throw error;
          },
        );
      const refused = await cleared;
      if (!refused) return await enter(request, reply, login, password, '/desk/');
      // The account exists by now, and its link has been used.
      const text = `管理员设好了，示例内容没有清空：${refused.message} 登录以后可以在工作台再清一次：`;
      const onward = { address: '/desk/sign-in', text: '去登录' };
      return await sendPage(reply, plainPage('示例没有清空', text, onward), refused.status);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return sendPage(reply, firstPage(token, await deps.hasSample(), { login, name }, error.message), error.status);
    }
  });

  server.get('/invitation', visited, async (request, reply) => {
    const token = tokenOf(request);
    const invitation = invitations.require(token);
    return sendPage(reply, invitationPage(token, invitation, await unitOf(invitation.unit)));
  });

  server.post('/invitation', anyone, async (request, reply) => {
    const { token, login, name, password } = formOf(account, request.body);
    await attempts.admit(token, request.ip);
    const invitation = invitations.require(token);
    try {
      audit.record(await invitations.accept(token, { login, name, password }), '接受邀请');
      return await enter(request, reply, login, password, '/desk/');
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const page = invitationPage(token, invitation, await unitOf(invitation.unit), { login, name }, error.message);
      return sendPage(reply, page, error.status);
    }
  });

  server.get('/password', visited, async (request, reply) => sendPage(reply, passwordPage(tokenOf(request))));

  server.post('/password', anyone, async (request, reply) => {
    const { token, password } = formOf(account, request.body);
    await attempts.admit(token, request.ip);
    try {
      const login = await accounts.setPassword(token, password);
      audit.record({ login, name: '' }, '用链接设定新密码');
      const message = { kind: 'done', text: '新密码设好了，请用它登录。' } as const;
      return sendPage(reply, signInPage('/desk/', { login }, message));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return sendPage(reply, passwordPage(token, error.message), error.status);
    }
  });

  /** Checks that a person is still an administrator. @throws Refusal 403 if not. */
  function requireAdministrator({ id }: Editor): void {
    if (!accounts.isAdministrator(id)) throw new Refusal(403, `这一步由${roleWords.administrator}来做。`);
  }

  async function unitOf(code: string | undefined): Promise<string | undefined> {
    return code === undefined ? undefined : deps.unitName(code);
  }
}
