import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { role, roleWords } from '../../model/roles.ts';
import { access, stillAllowed } from '../authorisation/route-access.ts';
import { requireEditor, sessionHeaders } from '../authorisation/session-guards.ts';
import { whoMay } from '../authorisation/who-may.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { Invitations } from '../accounts/invitations.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Message } from './shell/page-shell.ts';
import { peoplePage, type FreshLink } from './people-page.ts';
import { sendPage } from './shell/send-page.ts';

export interface PeopleDeps {
  accounts: Accounts;
  invitations: Invitations;
  audit: AuditLog;
  /** Resolves to the full names of the units in use, by code. */
  units(): Promise<ReadonlyMap<string, string>>;
  /** Returns the origin of links to the desk, such as `https://example.org`. */
  origin(request: FastifyRequest): string;
}

const word = z.string().max(1000).default('');
const unit = word.transform((code) => (code === '' ? undefined : code));
const about = z.object({ id: word });
const invited = z.object({ name: word, role, unit });
const changed = z.object({ id: word, role, unit });
const revoked = z.object({ token: word });

/**
 * Registers the pages for administrators: invitations, roles and units, disabling accounts, links for new passwords.
 */
export function peopleRoutes(server: FastifyInstance, deps: PeopleDeps): void {
  const { accounts, invitations, audit } = deps;
  const administrators = access({ who: whoMay.managePeople });

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    more: { message?: Message; link?: FreshLink } = {},
    status = 200,
  ): Promise<FastifyReply> {
    const view = {
      editor: requireEditor(request),
      accounts: accounts.all(),
      invitations: invitations.open(),
      units: await deps.units(),
      ...more,
    };
    return sendPage(reply, peoplePage(view), status);
  }

  /**
   * Registers a form. `run` makes the change; it is then recorded in the audit log and shown on the page of people. A
   * refusal is shown on the same page.
   */
  function formAction<Shape extends z.ZodObject>(
    path: string,
    schema: Shape,
    run: (
      form: z.output<Shape>,
      request: FastifyRequest,
    ) => Promise<{ done: string; object: string; link?: FreshLink }>,
  ): void {
    server.post(path, administrators, async (request, reply) => {
      try {
        const form = schema.safeParse(request.body ?? {});
        if (!form.success) throw new Refusal(422, '表格没有填完整，没有更改。');
        const { done, object, link } = await run(form.data, request);
        audit.record(requireEditor(request), done, object);
        return await show(request, reply, link ? { link } : { message: { kind: 'done', text: `${done}：${object}` } });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return show(request, reply, { message: { kind: 'error', text: error.message } }, error.status);
      }
    });
  }

  /** Checks that a unit exists; no unit (undefined) is allowed. @throws Refusal 422 if no unit has the code. */
  async function requireUnit(code: string | undefined): Promise<void> {
    if (code !== undefined && !(await deps.units()).has(code)) throw new Refusal(422, '没有这个单位，没有更改。');
  }

  server.get('/people', administrators, async (request, reply) => show(request, reply));

  formAction('/people/invite', invited, async (form, request) => {
    await requireUnit(form.unit);
    const token = invitations.issue(form, await stillAllowed(request));
    const address = `${deps.origin(request)}/desk/invitation?token=${token}`;
    const link = { about: `给${form.name}的邀请，7 天内有效，只能用一次。`, address };
    return { done: '邀请', object: `${form.name}（${roleWords[form.role]}）`, link };
  });

  formAction('/people/revoke', revoked, async ({ token }) => {
    invitations.revoke(token);
    return { done: '收回邀请', object: '' };
  });

  formAction('/people/link', about, async ({ id }, request) => {
    const { name, login } = accounts.require(id);
    const address = `${deps.origin(request)}/desk/password?token=${accounts.passwordLink(id, requireEditor(request).id)}`;
    const link = { about: `给${name}重设密码的链接，24 小时内有效，只能用一次。`, address };
    return { done: '发重设密码的链接', object: login, link };
  });

  formAction('/people/disable', about, async ({ id }, request) => {
    await accounts.disable(id, sessionHeaders(request));
    return { done: '停用账号', object: accounts.require(id).login };
  });

  formAction('/people/enable', about, async ({ id }, request) => {
    await accounts.enable(id, sessionHeaders(request));
    return { done: '恢复账号', object: accounts.require(id).login };
  });

  formAction('/people/change', changed, async ({ id, role: own, unit: of }, request) => {
    await requireUnit(of);
    await accounts.change(id, { role: own, unit: of }, sessionHeaders(request));
    return { done: '改角色和单位', object: `${accounts.require(id).login}（${roleWords[own]}）` };
  });
}
