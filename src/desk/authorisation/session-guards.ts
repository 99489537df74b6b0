import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import type { Editor } from '../domain/editor.ts';
import { Refusal } from '../domain/refusal.ts';

/** For each request with a session, a function that reads the request's person from the database. */
const people = new WeakMap<FastifyRequest, () => Editor | undefined>();

/** Returns the Cookie header of a request, which identifies the request's session; empty headers if there is none. */
export function sessionHeaders(request: FastifyRequest): Headers {
  const { cookie } = request.headers;
  return new Headers(cookie === undefined ? {} : { cookie });
}

/**
 * Adds Set-Cookie headers to a response, with `Secure` if the browser uses https.
 * @param cookies Set-Cookie headers without `Secure`.
 */
export function setCookies(request: FastifyRequest, reply: FastifyReply, cookies: readonly string[]): void {
  const secure = request.server.ownAddress.isSecure(request);
  for (const cookie of cookies) reply.header('set-cookie', secure ? `${cookie}; Secure` : cookie);
}

/**
 * Finds the person of a request's session, so that `requireEditor` can return the person. Prolongs the session if that
 * is due.
 * @returns the person, or undefined if the request has no valid session.
 * @throws TooManyRequests 429 if too many requests without a session came from the same address.
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

/** Returns the refusal (401) of a request without a session. */
export function signedOut(): Refusal {
  return new Refusal(401, '登录已失效，没有保存。您写的还在这一页：请在另一个标签页登录，再回来点一次保存。');
}

/**
 * Returns the person that `recognise` has found for a request, with the role and unit of this moment: the account may
 * have been disabled or changed since the request began.
 * @throws Refusal 401 if there is no such person, or the session or account is no longer valid.
 */
export function requireEditor(request: FastifyRequest): Editor {
  const editor = people.get(request)?.();
  if (!editor) throw signedOut();
  return editor;
}

/**
 * Checks that a request that changes something comes from the desk's own pages. Browsers name the origin of a request
 * in the header Sec-Fetch-Site. Browsers from before 2023 name it only in the header Origin. Together with the cookie's
 * attribute SameSite this check prevents other sites from writing with an editor's session.
 * @throws Refusal 403 if the request comes from elsewhere.
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
 * Checks that the Host header of a request names this server. Another site can point its domain name at this server's
 * IP address (DNS rebinding); scripts of that site would then run with the desk's origin.
 * @throws Refusal 421 if Host does not name this server.
 */
export function requireOwnHost(request: FastifyRequest): void {
  const { host } = request.headers;
  if (request.server.ownAddress.isCalled(host)) return;
  throw new Refusal(
    421,
    `编辑台不认识“${(host ?? '').slice(0, 80)}”这个网址，没有处理。请用启动时打印的网址；这是网站的正式网址的话，请管理员把它写进 BASE_URL 再启动。`,
  );
}
