import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import type { Editor } from '../domain/editor.ts';
import { Refusal } from '../domain/refusal.ts';

/** How it is found out who asks, by request. */
const askers = new WeakMap<FastifyRequest, () => Editor | undefined>();

/** The part of a request's headers that says whose session it is. */
export function sessionHeaders(request: FastifyRequest): Headers {
  const { cookie } = request.headers;
  return new Headers(cookie === undefined ? {} : { cookie });
}

/** Gives the browser what it has to keep; over https it sends it back over https only. */
export function setCookies(request: FastifyRequest, reply: FastifyReply, cookies: readonly string[]): void {
  const secure = request.server.ownAddress.isSecure(request);
  for (const cookie of cookies) reply.header('set-cookie', secure ? `${cookie}; Secure` : cookie);
}

/**
 * Finds out who asks, and prolongs the session where it is time; undefined: nobody is signed in, which may be so only so
 * often. @throws TooManyRequests
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
  askers.set(request, () => accounts.editorIn(session.id));
  return session.editor;
}

/**
 * Answers who asks, once it was found out, with the role and unit of this moment: while a photo was sent or a preview
 * waited, the account may have been disabled or changed. @throws Refusal (401) where nobody is signed in.
 */
export function requireEditor(request: FastifyRequest): Editor {
  const editor = askers.get(request)?.();
  if (!editor)
    throw new Refusal(401, '登录已失效，没有保存。您写的还在这一页：请在另一个标签页登录，再回来点一次保存。');
  return editor;
}

/**
 * Throws a Refusal (403) unless a request that changes something comes from our own pages. Browsers say so in
 * Sec-Fetch-Site; those that do not (before 2023) say where from in Origin. With the cookie's SameSite this keeps other
 * sites from writing in an editor's name.
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
 * Throws a Refusal (421) where the browser came by a name that is not ours: another site's name can be made to lead
 * here, and its scripts would then be taken for our own.
 */
export function requireOwnName(request: FastifyRequest): void {
  const { host } = request.headers;
  if (request.server.ownAddress.isCalled(host)) return;
  throw new Refusal(
    421,
    `编辑台不认识“${(host ?? '').slice(0, 80)}”这个网址，没有处理。请用启动时打印的网址；这是网站的正式网址的话，请管理员把它写进 BASE_URL 再启动。`,
  );
}
