import fastifyFormbody from '@fastify/formbody';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  recognise,
  requireEditor,
  requireOwnOrigin,
  sessionHeaders,
  setCookies,
} from '../authorisation/session-guards.ts';
import { isDiskFull } from '../storage/disk-full-error.ts';
import { EntryTitles } from '../drafts/entry-titles.ts';
import type { Editor } from '../domain/editor.ts';
import { Refusal, TooManyRequests } from '../domain/refusal.ts';
import { storageTroubleIn } from '../storage/damage.ts';
import { accountPage } from './account-page.ts';
import { officeAssets } from './assets.ts';
import { auditPage } from './audit-page.ts';
import { doors, type DoorRooms } from './sign-in-routes.ts';
import { plainPage } from './sign-in-pages.ts';
import { history, type HistoryRooms } from './history-routes.ts';
import { people, type PeopleRooms } from './people-routes.ts';
import { help, type HelpRooms } from './help/help-routes.ts';
import { reportingOf, reportsCsv, reportsPage } from './reports-page.ts';
import { sendPage } from './send-page.ts';
import { startPage, type StartRooms } from './start-page.ts';

/** What the desk's own pages work on. */
export interface OfficeRooms extends DoorRooms, PeopleRooms, StartRooms, HistoryRooms, HelpRooms {
  onTrouble(error: unknown): void;
}

/** Forms here are a few lines. */
const MOST_BYTES = 64 * 1024;

const year = z.coerce.number().int().min(2000).max(2100).optional().catch(undefined);
const query = {
  reports: z.object({ year, period: z.string().optional().catch(undefined) }),
  audit: z.object({ before: z.coerce.number().int().positive().optional().catch(undefined) }),
};
const passwords = z.object({ current: z.string().max(1000).catch(''), password: z.string().max(1000).catch('') });

/** The desk's pages besides the editor: the ways in, the start page, reports, people, what was done. */
export const office: FastifyPluginAsync<OfficeRooms> = async (server, rooms) => {
  const { accounts, audit, submissions } = rooms;
  const titles = new EntryTitles(rooms.repository, rooms.drafts);
  await server.register(fastifyFormbody, { bodyLimit: MOST_BYTES });

  server.addHook('onRequest', async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') requireOwnOrigin(request);
  });

  server.setErrorHandler((thrown, request, reply) => {
    const trouble = storageTroubleIn(thrown);
    if (trouble) rooms.onTrouble(thrown);
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
    if (status >= 500) rooms.onTrouble(error);
    const text =
      status >= 500 ? '编辑台出了错，请过一会儿再试；还不行就联系管理员。' : '编辑台看不懂这个请求，没有处理。';
    return sendPage(reply, plainPage('没有处理', text), status);
  });

  officeAssets(server);

  await server.register(async (outside) => {
    outside.addHook('onRequest', async (request) => server.strangers.admit(request.ip));
    doors(outside, rooms);
  });

  await server.register(async (inside) => {
    inside.addHook('onRequest', async (request, reply) => {
      await recognise(request, reply, accounts);
      requireEditor(request);
    });

    inside.get('/', async (request, reply) => sendPage(reply, await startPage(requireEditor(request), rooms)));

    inside.post('/sign-out', async (request, reply) => {
      const editor = requireEditor(request);
      setCookies(request, reply, await accounts.signOut(sessionHeaders(request)));
      audit.note(editor, '退出登录');
      return reply.redirect('/desk/sign-in', 303);
    });

    const unitOf = async ({ unit }: Editor) => (unit === undefined ? undefined : rooms.unitName(unit));
    inside.get('/me', async (request, reply) => {
      const editor = requireEditor(request);
      return sendPage(reply, accountPage(editor, await unitOf(editor)));
    });
    inside.post('/me', async (request, reply) => changePassword(request, reply));

    async function changePassword(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
      const editor = requireEditor(request);
      const { current, password } = passwords.parse(request.body ?? {});
      const unit = await unitOf(editor);
      try {
        setCookies(request, reply, await accounts.changePassword(editor, sessionHeaders(request), current, password));
        audit.note(editor, '改密码');
        return await sendPage(
          reply,
          accountPage(editor, unit, { kind: 'done', text: '密码改好了，其他地方的登录都已退出。' }),
        );
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return sendPage(reply, accountPage(editor, unit, { kind: 'error', text: error.message }), error.status);
      }
    }

    inside.get('/reports', async (request, reply) => {
      const asked = query.reports.parse(request.query);
      return sendPage(reply, await reportsPage(requireEditor(request), submissions, await rooms.library(), asked));
    });

    history(inside, rooms);
    help(inside, rooms);

    await inside.register(async (reviewing) => {
      reviewing.addHook('preHandler', async (request) => rooms.policy.requireRole(requireEditor(request), 'reviewer'));
      reviewing.get('/reports.csv', async (request, reply) => {
        const asked = query.reports.parse(request.query);
        const of = asked.year ?? new Date().getFullYear();
        const { table } = await reportingOf(submissions, await rooms.library(), of);
        return reply
          .header('content-disposition', `attachment; filename="reports-${of}.csv"`)
          .type('text/csv; charset=utf-8')
          .send(reportsCsv(table));
      });
    });

    await inside.register(async (administering) => {
      // When the form has come, which may take its time: the role of this moment counts.
      administering.addHook('preHandler', async (request) =>
        rooms.policy.requireRole(requireEditor(request), 'administrator'),
      );
      people(administering, rooms);
      administering.get('/audit', async (request, reply) => {
        const { before } = query.audit.parse(request.query);
        return sendPage(reply, await auditPage(requireEditor(request), { audit, titles }, before));
      });
      administering.post('/clear-sample', async (request, reply) => {
        const editor = requireEditor(request);
        await rooms.clearSample(editor);
        return sendPage(reply, await startPage(editor, rooms, { kind: 'done', text: '示例内容清空了。' }));
      });
    });

    inside.all('/*', async () => {
      throw new Refusal(404, '编辑台没有这个地址。');
    });
  });
};
