import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { hasRole } from '../../model/roles.ts';
import { access, enforceAccess, requireSession, stillAllowed } from '../authorisation/route-access.ts';
import {
  requireEditor,
  requireOwnHost,
  requireOwnOrigin,
  sessionHeaders,
  setCookies,
} from '../authorisation/session-guards.ts';
import { editorRoutes, DRAFT_POLICY } from './editor-routes.ts';
import { referenceOptionsOf, siteNamesOf } from '../publishing/reference-options.ts';
import { isDiskFull } from '../storage/disk-full-error.ts';
import { MOST_CHARACTERS } from '../../model/text-limit.ts';
import { entryRefAt, type EntryRef } from '../domain/entry-ref.ts';
import { pageRoutes, type PagesDeps } from '../pages/page-routes.ts';
import { sendDeskHeaders } from '../server/security-headers.ts';
import { photoRoutes, type PhotoRoutesOptions } from './photo-routes.ts';
import { decapActions, type DecapDeps } from './decap-actions.ts';
import type { Previews } from '../publishing/previews.ts';
import { Refusal, StaleSave, TooManyRequests } from '../domain/refusal.ts';
import { PhotoRefusal } from '../photos/uploads.ts';
import { storageTroubleIn } from '../storage/damage.ts';
import type { Health } from '../operations/health.ts';
import type { DeskLog } from '../operations/log.ts';

export interface DeskOptions extends DecapDeps, PhotoRoutesOptions, PagesDeps {
  /** Path of the folder with the editor's files; resolves when the editor is built. */
  admin: Promise<string>;
  previews: Previews;
  /** Receives errors that the server caused, not the client. */
  onTrouble(error: unknown): void;
  /**
   * Checks that the database's file has not been replaced or damaged. Called before a request that writes.
   * @throws StorageTrouble 503 if the file has been replaced or damaged: everything that is written then would be lost.
   */
  requireStorage(): void;
  log: DeskLog;
  health(): Promise<Health>;
}

/**
 * Most bytes of a request with a text. The longest text has MOST_CHARACTERS characters, and JSON's longest escape of a
 * character has 12 bytes; 64 KiB are for the rest. Photos are uploaded to another route.
 */
const MOST_BYTES = 12 * MOST_CHARACTERS + 64 * 1024;

const call = z.object({ action: z.string(), params: z.record(z.string(), z.unknown()).default({}) });
const previewed = z.object({ path: z.string(), raw: z.string() });

/**
 * Returns the entry and the text of a request for a preview.
 * @throws Refusal 422 if the body is wrong or no entry can have the path.
 */
function previewIn({ body }: FastifyRequest): { name: EntryRef; raw: string } {
  const parsed = previewed.safeParse(body);
  if (!parsed.success) throw new Refusal(422, '编辑台收到的请求不完整，没有预览。请刷新页面再试。');
  return { name: entryRefAt(parsed.data.path), raw: parsed.data.raw };
}

/**
 * Returns the status and the JSON body of the response to a request that failed with `error`. Returns undefined if the
 * server caused the error.
 */
function answerTo(error: unknown): { status: number; body: Record<string, unknown> } | undefined {
  if (error instanceof PhotoRefusal) {
    return { status: error.status, body: { error: error.message, findings: error.findings } };
  }
  if (error instanceof Refusal) {
    const faults = error.faults.length > 0 ? { faults: error.faults } : {};
    const kept = error instanceof StaleSave ? { address: error.address } : {};
    return { status: error.status, body: { error: error.message, ...faults, ...kept } };
  }
  if (!(error instanceof Error)) return undefined;
  if (isDiskFull(error)) {
    return { status: 507, body: { error: '服务器的磁盘满了，没有保存。您写的还在这一页，请联系管理员。' } };
  }
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  if (status === 413) {
    const most = MOST_CHARACTERS.toLocaleString('en');
    const limits = `一篇稿件连同信息栏最多 ${most} 个字符，照片每张不超过 40 MB`;
    return { status, body: { error: `传来的内容太大，没有保存：${limits}。请删去一些，或分成几篇。` } };
  }
  return status < 500 ? { status, body: { error: '编辑台看不懂这个请求，没有处理。请刷新页面再试。' } } : undefined;
}

function registerApi(server: FastifyInstance, options: DeskOptions): void {
  const { accounts, audit, permissions } = options;
  const actions = decapActions(options);

  requireSession(server, accounts);
  server.addHook('onRequest', async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') requireOwnOrigin(request);
  });

  const signedIn = access({ who: 'signed-in' });

  server.all('/*', signedIn, () => {
    throw new Refusal(404, '编辑台没有这个地址。请刷新页面再试。');
  });

  server.get('/me', signedIn, async (request) => {
    const editor = requireEditor(request);
    return { ...editor, mayExempt: hasRole(editor, 'reviewer') };
  });
  server.get('/limits', signedIn, async () => {
    const library = await options.library();
    return { ...library.limits, reporting: library.reader().site().reporting };
  });
  server.get('/contact', signedIn, async () => {
    const { contact } = (await options.library()).reader().site();
    return { contact };
  });
  server.get('/choices', signedIn, async () => referenceOptionsOf(await options.library()));
  server.get('/names', signedIn, async () => siteNamesOf(await options.library()));

  server.post('/sign-out', signedIn, async (request, reply) => {
    const editor = requireEditor(request);
    setCookies(request, reply, await accounts.signOut(sessionHeaders(request)));
    audit.record(editor, '退出登录');
    return reply.code(204).send();
  });

  // The route requires only a session. Each action is authorised by the access rule of the action.
  const performing = { config: { ...signedIn.config, actions } };
  server.post('/v1', { bodyLimit: MOST_BYTES, ...performing }, async (request, reply) => {
    const parsed = call.safeParse(request.body);
    const action = parsed.success ? actions.get(parsed.data.action) : undefined;
    if (!parsed.success || !action) throw new Refusal(422, '编辑台不认识这个操作，没有处理。请刷新页面再试。');
    request.deskAction = parsed.data.action;
    const answer = await action.perform(parsed.data.params, permissions, () => requireEditor(request));
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer));
  });

  const previewing = access({
    who: 'signed-in',
    entries: (request) => [previewIn(request).name],
    deferred: ['unit of the text'],
  });
  server.post('/preview', { bodyLimit: MOST_BYTES, ...previewing }, async (request, reply) => {
    const { name, raw } = previewIn(request);
    const html = await options.previews.ofSent(name, raw, requireEditor(request));
    if (html === undefined) throw new Refusal(404, '这一类内容没有自己的网页，不能预览。');
    await stillAllowed(request);
    return reply.header('content-security-policy', DRAFT_POLICY).type('text/html; charset=utf-8').send(html);
  });
}

/**
 * Registers the routes of the desk: its API under /api/, the editor under /admin/, its other pages under /desk/. Every
 * route declares who may use it. A request is checked in this order. First the host and the storage. Then, before the
 * body arrives, the session and the origin, which must be the desk's own. Then, after the body has arrived, access
 * (`enforceAccess`). For the pages under /desk/ the origin is checked before the session.
 */
export const deskRoutes: FastifyPluginAsync<DeskOptions> = async (server, options) => {
  await server.register(async (own) => {
    own.setErrorHandler((error, _request, reply) => {
      const trouble = storageTroubleIn(error);
      const answer = answerTo(trouble ?? error);
      if (trouble || !answer) options.onTrouble(error);
      if (error instanceof TooManyRequests) reply.header('retry-after', String(error.seconds));
      const { status, body } = answer ?? {
        status: 500,
        body: { error: '编辑台出了错，没有保存。您写的还在这一页，请过一会儿再试；还不行就联系管理员。' },
      };
      void reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
    });
    sendDeskHeaders(own);
    own.addHook('onRequest', async (request) => {
      requireOwnHost(request);
      if (request.method !== 'GET' && request.method !== 'HEAD') options.requireStorage();
    });
    enforceAccess(own, options.permissions);
    // The body of a photo is not parsed into memory: the route's handler reads the stream.
    own.addContentTypeParser(/^(?:image\/|application\/octet-stream)/u, (_request, _payload, done) => done(null));
    await own.register(
      async (api) => {
        registerApi(api, options);
        photoRoutes(api, options);
      },
      { prefix: '/api' },
    );
    await own.register(editorRoutes, { ...options, prefix: '/admin' });
    await own.register(pageRoutes, { ...options, prefix: '/desk' });
  });
};
