import type { FastifyRequest } from 'fastify';
import { Refusal } from './refusal.ts';
import type { Editor, Sessions } from './sessions.ts';

/** The cookie that carries a session. */
export const SESSION_COOKIE = 'desk';

/** Who asks. Throws a Refusal (401) where nobody is signed in. */
export function requireEditor(request: FastifyRequest, sessions: Sessions): Editor {
  const editor = sessions.editorOf(request.cookies[SESSION_COOKIE]);
  if (!editor) throw new Refusal(401, '登录已失效，没有保存。您写的还在这一页：请用新的登录链接登录，再点一次保存。');
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
    site === undefined ? request.headers.origin === `${request.protocol}://${request.host}` : site === 'same-origin';
  if (!own) throw new Refusal(403, '这个请求来自别的网站，没有处理。');
}
