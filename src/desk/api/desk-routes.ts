import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import type { Limits } from '../../model/rules.ts';
import { hasRole } from '../../model/roles.ts';
import {
  recognise,
  requireEditor,
  requireOwnName,
  requireOwnOrigin,
  sessionHeaders,
  setCookies,
} from '../authorisation/session-guards.ts';
import { editorRoutes, DRAFT_POLICY } from './editor-routes.ts';
import type { ReferenceOptions } from '../publishing/reference-options.ts';
import { isDiskFull } from '../storage/disk-full-error.ts';
import { MOST_CHARACTERS } from '../../model/text-limit.ts';
import { entryRefAt } from '../domain/entry-ref.ts';
import { pageRoutes, type PagesDeps } from '../pages/routes.ts';
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
  /** The folder of the editor's own files, when it is built. */
  admin: Promise<string>;
  limits(): Promise<Limits>;
  choices(): Promise<ReferenceOptions>;
  previews: Previews;
  /** Receives errors that are the desk's fault, not the editor's. */
  onTrouble(error: unknown): void;
  /** @throws StorageTrouble where what would be written could not be found again. */
  requireStorage(): void;
  log: DeskLog;
  health(): Promise<Health>;
}

/** A text as long as it may be, each character written as JSON's longest escape, and what surrounds it; photos are uploaded apart. */
const MOST_BYTES = 12 * MOST_CHARACTERS + 64 * 1024;

const call = z.object({ action: z.string(), params: z.record(z.string(), z.unknown()).default({}) });
const previewed = z.object({ path: z.string(), raw: z.string() });

/** What a request that failed is answered with. */
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
  const { accounts, audit, policy } = options;
  const actions = decapActions(options);

  server.addHook('onRequest', async (request, reply) => {
    await recognise(request, reply, accounts);
    requireEditor(request);
    if (request.method !== 'GET' && request.method !== 'HEAD') requireOwnOrigin(request);
  });

  server.all('/*', () => {
    throw new Refusal(404, '编辑台没有这个地址。请刷新页面再试。');
  });

  server.get('/me', async (request) => {
    const editor = requireEditor(request);
    return { ...editor, mayExempt: hasRole(editor, 'reviewer') };
  });
  server.get('/limits', async () => options.limits());
  server.get('/choices', async () => options.choices());

  server.post('/sign-out', async (request, reply) => {
    const editor = requireEditor(request);
    setCookies(request, reply, await accounts.signOut(sessionHeaders(request)));
    audit.note(editor, '退出登录');
    return reply.code(204).send();
  });

  server.post('/v1', { bodyLimit: MOST_BYTES }, async (request, reply) => {
    const parsed = call.safeParse(request.body);
    const action = parsed.success ? actions.get(parsed.data.action) : undefined;
    if (!parsed.success || !action) throw new Refusal(422, '编辑台不认识这个操作，没有处理。请刷新页面再试。');
    request.deskAction = parsed.data.action;
    const answer = await action(parsed.data.params, requireEditor(request));
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer));
  });

  server.post('/preview', { bodyLimit: MOST_BYTES }, async (request, reply) => {
    const parsed = previewed.safeParse(request.body);
    if (!parsed.success) throw new Refusal(422, '编辑台收到的请求不完整，没有预览。请刷新页面再试。');
    const { path, raw } = parsed.data;
    const name = entryRefAt(path);
    const editor = requireEditor(request);
    await policy.requireAccess(editor, name);
    const html = await options.previews.ofSent(name, raw, editor);
    if (html === undefined) throw new Refusal(404, '这一类内容没有自己的网页，不能预览。');
    // It may have waited for others: who asked may have been disabled or changed meanwhile.
    await policy.requireAccess(requireEditor(request), name);
    return reply.header('content-security-policy', DRAFT_POLICY).type('text/html; charset=utf-8').send(html);
  });
}

/**
 * The editing desk: its interface under /api/, the editor under /admin/, its other pages under /desk/. Nothing is
 * granted without a session.
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
      requireOwnName(request);
      if (request.method !== 'GET' && request.method !== 'HEAD') options.requireStorage();
    });
    // A photo is a stream that nobody collects in memory.
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
