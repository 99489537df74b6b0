import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync } from 'fastify';
import { recognise, requireEditor } from '../authorisation/session-guards.ts';
import type { Drafts } from '../drafts/drafts.ts';
import { entryRefOf } from '../domain/entry-ref.ts';
import type { Previews } from '../publishing/previews.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Repository } from '../storage/repository.ts';
import { plainPage } from '../pages/sign-in-pages.ts';
import { sendPage } from '../pages/send-page.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Permissions } from '../authorisation/permissions.ts';

export interface EditorRoutesOptions {
  accounts: Accounts;
  policy: Permissions;
  repository: Repository;
  drafts: Drafts;
  /** The folder of the editor's own files, when it is built: admin.html and assets/. */
  admin: Promise<string>;
  previews: Previews;
}

/**
 * The least that the editor runs with. Decap's schema checker compiles code (measured: findings on Decap); photos are
 * judged in a worker of our own, and what converts HEIC (heic-to) starts one from a blob. No other host. `origin` is
 * named, too, for what the preview shows: it stands in a frame without an address of its own, where Firefox lets
 * 'self' mean nothing (https://bugzilla.mozilla.org/show_bug.cgi?id=1721296).
 */
function editorPolicy(origin: string): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'unsafe-eval'",
    "worker-src 'self' blob:",
    `style-src 'self' ${origin} 'unsafe-inline'`,
    `img-src 'self' ${origin} blob: data:`,
    "font-src 'self' data:",
    "connect-src 'self' blob:",
    `frame-src 'self' ${origin} blob: about:`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** What a worker of the editor may do, beside its own arithmetic: nothing. It decodes what strangers have sent. */
const WORKER_POLICY = "default-src 'none'; script-src 'self'";

/** A draft is shown where its readers are signed in: no script runs on its page, whatever the page's own policy. */
export const DRAFT_POLICY = "script-src 'none'; frame-ancestors 'self'";

/** The editor, and a draft as its page would be. */
export const editorRoutes: FastifyPluginAsync<EditorRoutesOptions> = async (server, options) => {
  const { accounts, policy, repository, drafts, admin } = options;

  await server.register(async (own) => {
    own.addHook('onRequest', async (request, reply) => {
      if (await recognise(request, reply, accounts)) return;
      const text = '要先登录，才能用编辑台。';
      const address = `/desk/sign-in?next=${encodeURIComponent(request.url)}`;
      await sendPage(reply, plainPage('请先登录', text, { address, text: '去登录' }), 401);
    });

    own.get('/', { prefixTrailingSlash: 'slash' }, async (request, reply) => {
      const page = await readFile(join(await admin, 'admin.html'));
      const csp = editorPolicy(own.ownAddress.originOf(request));
      return reply.header('content-security-policy', csp).type('text/html; charset=utf-8').send(page);
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
      const name = entryRefOf(request.params.collection, request.params['*'].replace(/\/$/u, ''));
      const editor = requireEditor(request);
      await policy.requireAccess(editor, name);
      const draft = await drafts.find(name);
      const blob = await repository.blobAt(draft?.commit ?? (await repository.head()), name.file);
      if (blob === undefined)
        return sendPage(reply, plainPage('没有这一篇', '它可能还没有保存过，或者已被删除。'), 404);
      const html = await options.previews.ofStored(name, (await repository.bytes(blob)).toString(), editor);
      if (html === undefined) throw new Refusal(404, '这一类内容没有自己的网页，不能预览。');
      return reply.header('content-security-policy', DRAFT_POLICY).type('text/html; charset=utf-8').send(html);
    });
  });

  server.get('', async (_request, reply) => reply.redirect('/admin/'));
};
