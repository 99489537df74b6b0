import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import { closedDesk } from './api/closed-desk.ts';
import { deskRoutes, type DeskOptions } from './api/desk-routes.ts';
import { refuseAddress, refuseBeforeRequest } from './server/client-errors.ts';
import { AllowedHosts } from './server/allowed-hosts.ts';
import { refuseRepeatedHeaders } from './server/one-header.ts';
import { enforceConnectionLimits, connectionLimitsOf, type ConnectionLimits } from './server/connection-limits.ts';
import { sendSecurityHeaders } from './server/security-headers.ts';
import { AnonymousLimiter } from './rate-limits/strangers.ts';
import type { TrustedProxies } from './server/trusted-proxies.ts';
import { siteRoutes } from './server/site-routes.ts';
import { closeGracefully } from './server/graceful-close.ts';
import { logRequests } from './server/request-log.ts';

export interface ServerOptions {
  /** Folder that readers get. */
  site: string;
  /** The editing desk; absent: readers only. */
  desk?: DeskOptions;
  /** Why there is no desk although there should be one, in a sentence for whoever watches over the server. */
  wrong?: string;
  /** Where it listens, as HOST says it. */
  host?: string;
  /** Where readers find the site, if that is another address than the one it listens on. */
  baseUrl?: string | undefined;
  /** Proxies in front of it; absent: whoever connects is taken for a browser. */
  proxies?: TrustedProxies | undefined;
  /** How slow and how many clients may be, where not as usual. */
  pace?: Partial<ConnectionLimits>;
}

/** Longer than the idle times of usual proxies, so that it is never we who close a connection they are about to use. */
const KEEP_ALIVE_MILLISECONDS = 65_000;

/**
 * The one process that readers and editors talk to: the desk under `/api/`, `/admin/` and `/desk/`, everything else the
 * site, and `/healthz` for who watches over it. Closing it lets requests under way be answered.
 */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { site, desk: deskOptions, wrong, host = '127.0.0.1', baseUrl, proxies } = options;
  const pace = connectionLimitsOf(options.pace);
  const server = Fastify({
    logger: false,
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    requestTimeout: pace.whole,
    http: { connectionsCheckingInterval: pace.check },
    clientErrorHandler: refuseBeforeRequest,
    frameworkErrors: refuseAddress,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 500 },
    ...(proxies ? { trustProxy: proxies } : {}),
  });
  server.decorate('ownAddress', new AllowedHosts(host, baseUrl));
  server.decorate('strangers', new AnonymousLimiter());
  closeGracefully(server);
  enforceConnectionLimits(server, pace, (address) => proxies?.(address, 0) === true);
  sendSecurityHeaders(server);
  refuseRepeatedHeaders(server);
  if (deskOptions) logRequests(server, deskOptions.log);
  server.get('/healthz', async (request, reply) => {
    await server.strangers.admit(request.ip);
    const health = deskOptions
      ? await deskOptions.health()
      : wrong === undefined
        ? { ok: true }
        : { ok: false, wrong: [wrong] };
    return reply
      .code(health.ok ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(health);
  });
  if (deskOptions) await server.register(deskRoutes, deskOptions);
  if (wrong !== undefined) await server.register(closedDesk);
  await server.register(siteRoutes, { root: site });
  return server;
}
