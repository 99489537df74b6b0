import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import type { Editor } from '../domain/editor.ts';
import { authorise, requireDeclared, type AccessRule } from './access-rule.ts';
import type { Permissions } from './permissions.ts';
import { recognise, requireEditor, signedOut } from './session-guards.ts';

/** Who may use a route. The functions of the rule run when the request's body has arrived. */
export type RouteRule = AccessRule<FastifyRequest>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use the route; every route of the desk has a rule. */
    access?: RouteRule;
  }
}

/** The check of each authorised request, to be made again. */
const checks = new WeakMap<FastifyRequest, () => Promise<void>>();

/** Returns the options of a route with an access rule. */
export function access(rule: RouteRule): { config: { access: RouteRule } } {
  return { config: { access: rule } };
}

/** @throws Refusal 401 for a route without a rule, which `enforceAccess` does not let start. */
function ruleOf({ routeOptions }: FastifyRequest): RouteRule {
  const rule = routeOptions.config.access;
  if (!rule) throw signedOut();
  return rule;
}

/**
 * Makes every route that is registered from now on declare who may use it (a route without a rule is an Error at the
 * start), and authorises each request once, before its handler and after its body has arrived: the role of that moment
 * counts. A request that `requireSession` has not seen is refused (401) unless its route is open to anyone.
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
 * Finds out who asks, before the body arrives, on every route that is not open to anyone.
 * @param onAnonymous answers a request without a session; without it such a request is refused (401).
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
 * Authorises a request again, after a long wait: meanwhile the account may have been disabled or changed.
 * @returns the person with the role and unit of this moment.
 * @throws Refusal 401 or 403
 */
export async function stillAllowed(request: FastifyRequest): Promise<Editor> {
  await checks.get(request)?.();
  return requireEditor(request);
}
