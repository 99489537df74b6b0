import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import { SESSION_COOKIE } from './access.ts';
import type { Drafts } from './drafts.ts';
import { entryNameOf, type EntryName } from './entry-name.ts';
import { Refusal } from './refusal.ts';
import type { Repository } from './repository.ts';
import type { Sessions } from './sessions.ts';

export interface AdminPagesOptions {
  sessions: Sessions;
  repository: Repository;
  drafts: Drafts;
  /** The folder of the editor's own files, when it is built: admin.html and assets/. */
  admin: Promise<string>;
  preview(name: EntryName, raw: string): Promise<string | undefined>;
}

/**
 * The least that the editor runs with. Decap's schema checker compiles code (measured: findings on Decap); photos are
 * judged in a worker of our own, and what converts HEIC (heic-to) starts one from a blob. No other host.
 */
const EDITOR_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "font-src 'self' data:",
  "connect-src 'self' blob:",
  "frame-src 'self' blob: about:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** What a worker of the editor may do, beside its own arithmetic: nothing. It decodes what strangers have sent. */
const WORKER_POLICY = "default-src 'none'; script-src 'self'";

/** A page of one sentence, for who is not in the editor. */
function plainPage(title: string, text: string): string {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>body{max-width:32rem;margin:18vh auto 0;padding:0 1.5rem;font:1.1rem/1.9 sans-serif;
color:#231f1a;background:#faf7f1}h1{font-size:1.6rem}</style></head><body><h1>${title}</h1><p>${text}</p></body></html>`;
}

function sendPlain(reply: FastifyReply, status: number, title: string, text: string): FastifyReply {
  return reply
    .code(status)
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
    .type('text/html; charset=utf-8')
    .send(plainPage(title, text));
}

/** The pages of the desk: signing in, the editor, and a draft as its page would be. */
export const adminPages: FastifyPluginAsync<AdminPagesOptions> = async (server, options) => {
  const { sessions, repository, drafts, admin } = options;

  server.addHook('onRequest', async (_request, reply) => {
    reply
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'same-origin');
  });

  // A token that is given twice is a list.
  // A HEAD request, as mail programs send to look at a link, must not use it up.
  server.get<{ Querystring: { token?: string | string[] } }>(
    '/sign-in',
    { exposeHeadRoute: false },
    async (request, reply) => {
      const { token } = request.query;
      const session = typeof token === 'string' ? sessions.signIn(token) : undefined;
      if (!session) {
        const text =
          '登录链接只能用一次，这一条已经用过或不完整。请重新启动编辑台（npm start），用它打印的新链接登录。';
        return sendPlain(reply, 403, '链接不能用了', text);
      }
      return reply
        .setCookie(SESSION_COOKIE, session.token, {
          path: '/',
          httpOnly: true,
          sameSite: 'lax',
          secure: request.protocol === 'https',
          maxAge: session.seconds,
        })
        .redirect('/admin/', 303);
    },
  );

  await server.register(async (own) => {
    own.addHook('onRequest', async (request, reply) => {
      if (sessions.editorOf(request.cookies[SESSION_COOKIE])) return;
      await sendPlain(
        reply,
        401,
        '请先登录',
        '启动编辑台时（npm start），窗口里会打印一条登录链接，请用它打开编辑台。',
      );
    });

    own.get('/', { prefixTrailingSlash: 'slash' }, async (_request, reply) => {
      const page = await readFile(join(await admin, 'admin.html'));
      return reply.header('content-security-policy', EDITOR_POLICY).type('text/html; charset=utf-8').send(page);
    });

    await own.register(fastifyStatic, {
      root: import.meta.dirname,
      serve: false,
      cacheControl: false,
      preCompressed: true,
    });
    own.get<{ Params: { '*': string } }>('/assets/*', async (request, reply) => {
      // Their names change with their content.
      reply.header('cache-control', 'private, max-age=31536000, immutable');
      // Scripts run under their page's policy; a worker runs under that of its own file.
      reply.header('content-security-policy', WORKER_POLICY);
      return reply.sendFile(request.params['*'], join(await admin, 'assets'));
    });

    own.get<{ Params: { collection: string; '*': string } }>('/preview/:collection/*', async (request, reply) => {
      const name = entryNameOf(request.params.collection, request.params['*'].replace(/\/$/u, ''));
      const draft = await drafts.find(name);
      const blob = await repository.blobAt(draft?.commit ?? (await repository.head()), name.file);
      if (blob === undefined) return sendPlain(reply, 404, '没有这一篇', '它可能还没有保存过，或者已被删除。');
      const html = await options.preview(name, (await repository.bytes(blob)).toString());
      if (html === undefined) throw new Refusal(404, '这一类内容没有自己的网页，不能预览。');
      return reply
        .header('content-security-policy', "frame-ancestors 'self'")
        .type('text/html; charset=utf-8')
        .send(html);
    });
  });

  server.get('', async (_request, reply) => reply.redirect('/admin/'));
};
