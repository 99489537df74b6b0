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
  /** Path of the folder with the editor's files, admin.html and assets/; resolves when the editor is built. */
  admin: Promise<string>;
  previews: Previews;
}

const previewPath = z.object({ collection: z.string(), '*': z.string() });

/**
 * Returns the Content-Security-Policy of the editor's page. It allows no other host. The reasons of its exceptions:
 * - 'unsafe-eval': Decap's schema validation compiles code (docs/decisions/0008-decap-as-packages.md).
 * - Workers: photos are checked in a worker, and the converter of HEIC photos (heic-to) starts a worker from a blob.
 * - `origin`, the desk's own origin: the preview is in a frame without an origin, where 'self' matches nothing in
 *   Firefox (https://bugzilla.mozilla.org/show_bug.cgi?id=1721296).
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

/**
 * Content-Security-Policy of the editor's workers. A worker decodes files from strangers, so it may load scripts of
 * this server and nothing else.
 */
const WORKER_POLICY = "default-src 'none'; script-src 'self'";

/**
 * Content-Security-Policy of a draft's page. The page has the same origin as the desk, so a script on it could act for
 * the person who is signed in: no script may run.
 */
export const DRAFT_POLICY = "script-src 'none'; frame-ancestors 'self'";

/**
 * Returns the entry that the URL of a preview names.
 * @throws Refusal 422 if no entry can have this name.
 */
function previewedEntry(request: FastifyRequest): EntryRef {
  const { collection, '*': slug } = previewPath.parse(request.params);
  return entryRefOf(collection, slug.replace(/\/$/u, ''));
}

/** Registers the routes of the editor, and of drafts' pages as readers would see them. */
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
    // The names of these files change with their content, so browsers may cache a file for a year.
    reply.header('cache-control', 'private, max-age=31536000, immutable');
    // This policy concerns workers only: a worker follows the policy of its file, any other script that of its page.
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
