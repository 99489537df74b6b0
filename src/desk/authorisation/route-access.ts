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
 * Requires an access rule of every route that is registered from now on: a route without a rule makes the start fail
 * with an Error. Authorises each request once, before its handler and after its body has arrived, with the role of that
 * moment. A request is refused (401) if `requireSession` has found no person for it, unless its route is open to
 * anyone.
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
 * Finds the person who sends each request, by the session and before the body arrives, on every route that is not open
 * to anyone.
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
