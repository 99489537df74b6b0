import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { role, roleWords } from '../../model/roles.ts';
import { requireEditor, sessionHeaders } from '../authorisation/session-guards.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { Invitations } from '../accounts/invitations.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Message } from './page-shell.ts';
import { peoplePage, type FreshLink } from './people-page.ts';
import { sendPage } from './send-page.ts';

export interface PeopleDeps {
  accounts: Accounts;
  invitations: Invitations;
  audit: AuditLog;
  /** Units in use by code, with their full names. */
  units(): Promise<ReadonlyMap<string, string>>;
  /** Where the desk is reached, for links: `https://example.org`. */
  origin(request: FastifyRequest): string;
}

const word = z.string().max(1000).default('');
const unit = word.transform((code) => (code === '' ? undefined : code));
const about = z.object({ id: word });
const invited = z.object({ name: word, role, unit });
const changed = z.object({ id: word, role, unit });
const revoked = z.object({ token: word });

/** Administrators' work with people: inviting, roles and units, disabling, links for new passwords. */
export function peopleRoutes(server: FastifyInstance, rooms: PeopleDeps): void {
  const { accounts, invitations, audit } = rooms;

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    said: { message?: Message; link?: FreshLink } = {},
    status = 200,
  ): Promise<FastifyReply> {
    const view = {
      editor: requireEditor(request),
      accounts: accounts.all(),
      invitations: invitations.open(),
      units: await rooms.units(),
      ...said,
    };
    return sendPage(reply, peoplePage(view), status);
  }

  /** A form that changes something: what it does is noted and said; what is refused is said on the same page. */
  function deed<Shape extends z.ZodObject>(
    path: string,
    schema: Shape,
    run: (
      form: z.output<Shape>,
      request: FastifyRequest,
    ) => Promise<{ deed: string; object: string; link?: FreshLink }>,
  ): void {
    server.post(path, async (request, reply) => {
      try {
        const form = schema.safeParse(request.body ?? {});
        if (!form.success) throw new Refusal(422, '表格没有填完整，没有更改。');
        const { deed: done, object, link } = await run(form.data, request);
        audit.note(requireEditor(request), done, object);
        return await show(request, reply, link ? { link } : { message: { kind: 'done', text: `${done}：${object}` } });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return show(request, reply, { message: { kind: 'error', text: error.message } }, error.status);
      }
    });
  }

  async function requireUnit(code: string | undefined): Promise<void> {
    if (code !== undefined && !(await rooms.units()).has(code)) throw new Refusal(422, '没有这个单位，没有更改。');
  }

  server.get('/people', async (request, reply) => show(request, reply));

  deed('/people/invite', invited, async (form, request) => {
    await requireUnit(form.unit);
    const token = invitations.issue(form, requireEditor(request));
    const address = `${rooms.origin(request)}/desk/invitation?token=${token}`;
    const link = { about: `给${form.name}的邀请，7 天内有效，只能用一次。`, address };
    return { deed: '邀请', object: `${form.name}（${roleWords[form.role]}）`, link };
  });

  deed('/people/revoke', revoked, async ({ token }) => {
    invitations.revoke(token);
    return { deed: '收回邀请', object: '' };
  });

  deed('/people/link', about, async ({ id }, request) => {
    const { name, login } = accounts.require(id);
    const address = `${rooms.origin(request)}/desk/password?token=${accounts.passwordLink(id, requireEditor(request).id)}`;
    const link = { about: `给${name}重设密码的链接，24 小时内有效，只能用一次。`, address };
    return { deed: '发重设密码的链接', object: login, link };
  });

  deed('/people/disable', about, async ({ id }, request) => {
    await accounts.disable(id, sessionHeaders(request));
    return { deed: '停用账号', object: accounts.require(id).login };
  });

  deed('/people/enable', about, async ({ id }, request) => {
    await accounts.enable(id, sessionHeaders(request));
    return { deed: '恢复账号', object: accounts.require(id).login };
  });

  deed('/people/change', changed, async ({ id, role: own, unit: of }, request) => {
    await requireUnit(of);
    await accounts.change(id, { role: own, unit: of }, sessionHeaders(request));
    return { deed: '改角色和单位', object: `${accounts.require(id).login}（${roleWords[own]}）` };
  });
}
