import fastifyFormbody from '@fastify/formbody';
import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { access, requireSession, stillAllowed } from '../authorisation/route-access.ts';
import { requireEditor, requireOwnOrigin, sessionHeaders, setCookies } from '../authorisation/session-guards.ts';
import { whoMay } from '../authorisation/who-may.ts';
import { isDiskFull } from '../storage/disk-full-error.ts';
import { EntryTitles } from '../catalogue/entry-titles.ts';
import type { Editor } from '../domain/editor.ts';
import { Refusal, TooManyRequests } from '../domain/refusal.ts';
import { storageTroubleIn } from '../storage/damage.ts';
import { accountPage } from './account-page.ts';
import { pageAssets } from './assets.ts';
import { auditPage } from './audit-page.ts';
import { deletedDraftsPage, type DeletedDraftsDeps } from './deleted-drafts-page.ts';
import { signInRoutes, type SignInDeps } from './sign-in-routes.ts';
import { plainPage } from './sign-in-pages.ts';
import { helpRoutes, type HelpDeps } from './help-routes.ts';
import { historyRoutes, type HistoryDeps } from './history-routes.ts';
import { peopleRoutes, type PeopleDeps } from './people-routes.ts';
import { reportingOf, reportsCsv, reportsPage } from './reports-page.ts';
import { listRoutes } from './lists/list-routes.ts';
import { sendPage } from './shell/send-page.ts';
import { startPage, type StartPageDeps } from './start-page.ts';
import { withdrawnRoutes, type WithdrawnDeps } from './consents/withdrawn-routes.ts';

/** The dependencies of the desk's pages. */
export interface PagesDeps
  extends SignInDeps, PeopleDeps, StartPageDeps, DeletedDraftsDeps, HistoryDeps, HelpDeps, WithdrawnDeps {
  onTrouble(error: unknown): void;
}

/** Greatest size of a request's body, in bytes: the forms here have only a few lines. */
const MOST_BYTES = 64 * 1024;

const year = z.coerce.number().int().min(2000).max(2100).optional().catch(undefined);
const query = {
  reports: z.object({ year, period: z.string().optional().catch(undefined) }),
  audit: z.object({ before: z.coerce.number().int().positive().optional().catch(undefined) }),
};
const passwords = z.object({ current: z.string().max(1000).catch(''), password: z.string().max(1000).catch('') });

/**
 * Registers all pages of the desk except the editor: sign-in, start page, account, lists and board, reports, history,
 * help, people, audit log.
 */
export const pageRoutes: FastifyPluginAsync<PagesDeps> = async (server, deps) => {
  const { accounts, audit, submissions } = deps;
  const titles = new EntryTitles(deps.repository, deps.drafts, deps.catalogue);
  await server.register(fastifyFormbody, { bodyLimit: MOST_BYTES });

  server.addHook('onRequest', async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') requireOwnOrigin(request);
  });
  requireSession(server, accounts);

  server.setErrorHandler((thrown, request, reply) => {
    const trouble = storageTroubleIn(thrown);
    if (trouble) deps.onTrouble(thrown);
    const error = trouble ?? thrown;
    if (error instanceof Refusal && error.status === 401) {
      return reply.redirect(
        `/desk/sign-in?next=${encodeURIComponent(request.method === 'GET' ? request.url : '/desk/')}`,
        303,
      );
    }
    if (error instanceof Refusal) {
      if (error instanceof TooManyRequests) reply.header('retry-after', String(error.seconds));
      const back = { address: '/desk/', text: '回工作台' };
      return sendPage(reply, plainPage('没有处理', `${error.message} `, back), error.status);
    }
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (isDiskFull(error)) {
      return sendPage(reply, plainPage('没有处理', '服务器的磁盘满了，没有处理。请联系管理员。'), 507);
    }
    if (status >= 500) deps.onTrouble(error);
    const text =
      status >= 500 ? '编辑台出了错，请过一会儿再试；还不行就联系管理员。' : '编辑台看不懂这个请求，没有处理。';
    return sendPage(reply, plainPage('没有处理', text), status);
  });

  pageAssets(server);
  await server.register(async (outside) => {
    outside.addHook('onRequest', async (request) => server.strangers.admit(request.ip));
    signInRoutes(outside, deps);
  });

  const signedIn = access({ who: 'signed-in' });

  server.all('/*', signedIn, async () => {
    throw new Refusal(404, '编辑台没有这个地址。');
  });

  server.get('/', signedIn, async (request, reply) => sendPage(reply, await startPage(requireEditor(request), deps)));

  server.get('/deleted', access({ who: whoMay.listDeletedDrafts }), async (request, reply) =>
    sendPage(reply, await deletedDraftsPage(requireEditor(request), deps)),
  );

  server.post('/sign-out', signedIn, async (request, reply) => {
    const editor = requireEditor(request);
    setCookies(request, reply, await accounts.signOut(sessionHeaders(request)));
    audit.record(editor, '退出登录');
    return reply.redirect('/desk/sign-in', 303);
  });

  const unitOf = async ({ unit }: Editor) => (unit === undefined ? undefined : deps.unitName(unit));
  server.get('/me', signedIn, async (request, reply) => {
    const editor = requireEditor(request);
    return sendPage(reply, accountPage(editor, await unitOf(editor)));
  });

  server.post('/me', signedIn, async (request, reply) => {
    const editor = requireEditor(request);
    const { current, password } = passwords.parse(request.body ?? {});
    const unit = await unitOf(editor);
    try {
      setCookies(request, reply, await accounts.changePassword(editor, sessionHeaders(request), current, password));
      audit.record(editor, '改密码');
      return await sendPage(
        reply,
        accountPage(editor, unit, { kind: 'done', text: '密码改好了，其他地方的登录都已退出。' }),
      );
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return sendPage(reply, accountPage(editor, unit, { kind: 'error', text: error.message }), error.status);
    }
  });

  server.get('/reports', signedIn, async (request, reply) => {
    const asked = query.reports.parse(request.query);
    return sendPage(reply, await reportsPage(requireEditor(request), submissions, await deps.library(), asked));
  });

  server.get('/reports.csv', access({ who: whoMay.exportReports }), async (request, reply) => {
    const asked = query.reports.parse(request.query);
    const of = asked.year ?? new Date().getFullYear();
    const { table } = await reportingOf(submissions, await deps.library(), of);
    return reply
      .header('content-disposition', `attachment; filename="reports-${of}.csv"`)
      .type('text/csv; charset=utf-8')
      .send(reportsCsv(table));
  });

  listRoutes(server, deps);
  historyRoutes(server, deps);
  withdrawnRoutes(server, deps);
  helpRoutes(server, deps);
  peopleRoutes(server, deps);

  server.get('/audit', access({ who: whoMay.readAuditLog }), async (request, reply) => {
    const { before } = query.audit.parse(request.query);
    return sendPage(reply, await auditPage(requireEditor(request), { audit, titles }, before));
  });

  server.post('/clear-sample', access({ who: whoMay.clearSample }), async (request, reply) => {
    const editor = requireEditor(request);
    await deps.clearSample(editor, async () => stillAllowed(request));
    return sendPage(reply, await startPage(editor, deps, { kind: 'done', text: '示例内容清空了。' }));
  });
};
