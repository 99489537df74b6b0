import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import type { Editor } from '../domain/editor.ts';
import { authorise, requireDeclared, type AccessRule } from './access-rule.ts';
import type { Permissions } from './permissions.ts';
import { recognise, requireEditor, signedOut } from './session-guards.ts';

/** The access rule of a route. Its functions are called after the body of the request has arrived. */
export type RouteRule = AccessRule<FastifyRequest>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The access rule of the route. Every route of the desk has one. */
    access?: RouteRule;
  }
}

/** For each authorised request, a function that authorises it again (`stillAllowed`). */
const checks = new WeakMap<FastifyRequest, () => Promise<void>>();

/** Returns Fastify's route options with an access rule. */
export function access(rule: RouteRule): { config: { access: RouteRule } } {
  return { config: { access: rule } };
}

/**
 * Returns the access rule of a request's route.
 * @throws Refusal 401 if the route has none, which `enforceAccess` prevents.
 */
function ruleOf({ routeOptions }: FastifyRequest): RouteRule {
  const rule = routeOptions.config.access;
  if (!rule) throw signedOut();
  return rule;
}

/**
 * Makes sure that every route has an access rule: registering a route without one makes the start of the server fail
 * with an Error. Checks the rule of each request once, after the body has arrived and before the handler runs. The
 * check uses the role that the person has at that moment. A request is refused (401) if `requireSession` has found no
 * person who sent it, unless its route is open to anyone.
 */
export function enforceAccess(server: FastifyInstance, permissions: Permissions): void {
  server.addHook('onRoute', ({ method, url, config }) =>
    requireDeclared(config?.access, `The route ${[method].flat().join(', ')} ${url}`),
  );
  server.addHook('preHandler', async (request) => {
    const rule = ruleOf(request);
    const check = async (): Promise<void> => {
      const editor = rule.who === 'anyone' ? undefined : requireEditor(request);
      await authorise(permissions, rule, editor, request);
    };
    await check();
    checks.set(request, check);
  });
}

/**
 * Finds the person of each request by the request's session, before the body arrives. Routes that are open to anyone
 * are left out.
 * @param onAnonymous sends the response to a request without a session. By default such a request is refused (401).
 */
export function requireSession(
  server: FastifyInstance,
  accounts: Accounts,
  onAnonymous: (request: FastifyRequest, reply: FastifyReply) => unknown = () => {
    throw signedOut();
  },
): void {
  server.addHook('onRequest', async (request, reply) => {
    if (ruleOf(request).who === 'anyone' || (await recognise(request, reply, accounts))) return;
    await onAnonymous(request, reply);
  });
}

/**
 * Authorises a request again. To be called after a long wait, because the account may have been disabled or changed
 * meanwhile.
 * @returns the person with the role and unit of this moment.
 * @throws Refusal 401 or 403 if the person may no longer make the request.
 */
export async function stillAllowed(request: FastifyRequest): Promise<Editor> {
  await checks.get(request)?.();
  return requireEditor(request);
}
