import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import type { Editor } from '../domain/editor.ts';
import { Refusal } from '../domain/refusal.ts';

/** For each recognised request, a function that reads its person from the database. */
const people = new WeakMap<FastifyRequest, () => Editor | undefined>();

/** Returns the headers of a request that carry its session. */
export function sessionHeaders(request: FastifyRequest): Headers {
  const { cookie } = request.headers;
  return new Headers(cookie === undefined ? {} : { cookie });
}

/** Sets cookies; a browser that came over https gets them as `Secure`. */
export function setCookies(request: FastifyRequest, reply: FastifyReply, cookies: readonly string[]): void {
  const secure = request.server.ownAddress.isSecure(request);
  for (const cookie of cookies) reply.header('set-cookie', secure ? `${cookie}; Secure` : cookie);
}

/**
 * Finds the person of a request's session, and prolongs the session when it is due.
 * @returns undefined without a session; such requests are limited by address.
 * @throws TooManyRequests
 */
export async function recognise(
  request: FastifyRequest,
  reply: FastifyReply,
  accounts: Accounts,
): Promise<Editor | undefined> {
  const session = await accounts.sessionOf(sessionHeaders(request));
  if (!session) {
    await request.server.strangers.admit(request.ip);
    return undefined;
  }
  setCookies(request, reply, session.cookies);
  people.set(request, () => accounts.editorIn(session.id));
  return session.editor;
}

/** The refusal of a request without a session. */
export function signedOut(): Refusal {
  return new Refusal(401, '登录已失效，没有保存。您写的还在这一页：请在另一个标签页登录，再回来点一次保存。');
}

/**
 * Returns the person of a recognised request with the role and unit of this moment: the account may have been disabled
 * or changed since the request began.
 * @throws Refusal 401 if nobody is signed in.
 */
export function requireEditor(request: FastifyRequest): Editor {
  const editor = people.get(request)?.();
  if (!editor) throw signedOut();
  return editor;
}

/**
 * Refuses a request that changes something and does not come from the desk's own pages. Browsers say where a request
 * comes from in Sec-Fetch-Site; browsers from before 2023 say it in Origin. Together with the cookie's SameSite
 * attribute this keeps other sites from writing with an editor's session.
 * @throws Refusal 403
 */
export function requireOwnOrigin(request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site'];
  const own =
    site === undefined
      ? request.server.ownAddress.isOwnOrigin(request, request.headers.origin)
      : site === 'same-origin';
  if (!own) throw new Refusal(403, '这个请求来自别的网站，没有处理。');
}

/**
 * Refuses a request whose Host is not a name of this server: another site can point its name at this address (DNS
 * rebinding), and its scripts would then run with the desk's origin.
 * @throws Refusal 421
 */
export function requireOwnHost(request: FastifyRequest): void {
  const { host } = request.headers;
  if (request.server.ownAddress.isCalled(host)) return;
  throw new Refusal(
    421,
    `编辑台不认识“${(host ?? '').slice(0, 80)}”这个网址，没有处理。请用启动时打印的网址；这是网站的正式网址的话，请管理员把它写进 BASE_URL 再启动。`,
  );
}
