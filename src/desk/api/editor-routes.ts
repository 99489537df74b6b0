import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { access, requireSession, stillAllowed } from '../authorisation/route-access.ts';
import { requireEditor } from '../authorisation/session-guards.ts';
import type { Drafts } from '../drafts/drafts.ts';
import { entryRefOf, type EntryRef } from '../domain/entry-ref.ts';
import type { Previews } from '../publishing/previews.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Repository } from '../storage/repository.ts';
import { plainPage } from '../pages/sign-in-pages.ts';
import { sendPage } from '../pages/shell/send-page.ts';
import type { Accounts } from '../accounts/accounts.ts';

export interface EditorRoutesOptions {
  accounts: Accounts;
  repository: Repository;
  drafts: Drafts;
  /** The folder of the editor's files, when it is built: admin.html and assets/. */
  admin: Promise<string>;
  previews: Previews;
}

const previewPath = z.object({ collection: z.string(), '*': z.string() });

/**
 * Returns the Content-Security-Policy of the editor's page. Decap's schema checker compiles code
 * (docs/decisions/0008-decap-as-packages.md); photos are judged in a worker, and what converts HEIC (heic-to) starts a
 * worker from a blob. No other host is allowed. `origin` is named for the preview: it stands in a frame without an
 * origin, where 'self' matches nothing in Firefox (https://bugzilla.mozilla.org/show_bug.cgi?id=1721296).
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

/** Policy of the editor's workers: a worker decodes files from strangers and may load nothing. */
const WORKER_POLICY = "default-src 'none'; script-src 'self'";

/** Policy of a draft's page: it has the origin of the people who are signed in, so no script runs on it. */
export const DRAFT_POLICY = "script-src 'none'; frame-ancestors 'self'";

/** Returns the entry of a preview's address. @throws Refusal 422 if there can be none of that name. */
function previewedEntry(request: FastifyRequest): EntryRef {
  const { collection, '*': slug } = previewPath.parse(request.params);
  return entryRefOf(collection, slug.replace(/\/$/u, ''));
}

/** The editor, and the pages of drafts as readers would get them. */
export const editorRoutes: FastifyPluginAsync<EditorRoutesOptions> = async (server, options) => {
  const { accounts, repository, drafts, admin } = options;
  const signedIn = access({ who: 'signed-in' });

  requireSession(server, accounts, async (request, reply) => {
    const text = '要先登录，才能用编辑台。';
    const address = `/desk/sign-in?next=${encodeURIComponent(request.url)}`;
    await sendPage(reply, plainPage('请先登录', text, { address, text: '去登录' }), 401);
  });

  server.get('', access({ who: 'anyone' }), async (_request, reply) => reply.redirect('/admin/'));

  server.get('/', { prefixTrailingSlash: 'slash', ...signedIn }, async (request, reply) => {
    const page = await readFile(join(await admin, 'admin.html'));
    const csp = editorPolicy(server.ownAddress.originOf(request));
    return reply.header('content-security-policy', csp).type('text/html; charset=utf-8').send(page);
  });

  await server.register(fastifyStatic, {
    root: import.meta.dirname,
    serve: false,
    cacheControl: false,
    preCompressed: true,
  });
  server.get<{ Params: { '*': string } }>('/assets/*', signedIn, async (request, reply) => {
    // The names of these files change with their content.
    reply.header('cache-control', 'private, max-age=31536000, immutable');
    // Scripts run under the policy of their page; a worker runs under the policy of its file.
    reply.header('content-security-policy', WORKER_POLICY);
    return reply.sendFile(request.params['*'], join(await admin, 'assets'));
  });

  const previewing = access({ who: 'signed-in', entries: (request) => [previewedEntry(request)] });
  server.get('/preview/:collection/*', previewing, async (request, reply) => {
    const name = previewedEntry(request);
    const draft = await drafts.find(name);
    const blob = await repository.blobAt(draft?.commit ?? (await repository.head()), name.file);
    if (blob === undefined) return sendPage(reply, plainPage('没有这一篇', '它可能还没有保存过，或者已被删除。'), 404);
    const text = (await repository.bytes(blob)).toString();
    const html = await options.previews.ofStored(name, text, requireEditor(request));
    if (html === undefined) throw new Refusal(404, '这一类内容没有自己的网页，不能预览。');
    await stillAllowed(request);
    return reply.header('content-security-policy', DRAFT_POLICY).type('text/html; charset=utf-8').send(html);
  });
};
