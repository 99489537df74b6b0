import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import { closedDesk } from './api/unavailable-desk.ts';
import { deskRoutes, type DeskOptions } from './api/desk-routes.ts';
import { refuseAddress, refuseBeforeRequest } from './server/client-errors.ts';
import { AllowedHosts } from './server/allowed-hosts.ts';
import { refuseRepeatedHeaders } from './server/repeated-headers.ts';
import { enforceConnectionLimits, connectionLimitsOf, type ConnectionLimits } from './server/connection-limits.ts';
import { sendSecurityHeaders } from './server/security-headers.ts';
import { AnonymousLimiter } from './rate-limits/signed-out-limiter.ts';
import type { TrustedProxies } from './server/trusted-proxies.ts';
import { siteRoutes } from './server/site-routes.ts';
import { closeGracefully } from './server/graceful-close.ts';
import { logRequests } from './server/request-log.ts';

export interface ServerOptions {
  /** Path of the folder with the readers' pages. */
  site: string;
  /** The options of the desk's routes; if undefined, the server has no desk. */
  desk?: DeskOptions;
  /** Why the desk could not be opened, as a sentence for the operators of the server (`/healthz`). */
  wrong?: string;
  /** The host that the server listens on (HOST); by default 127.0.0.1. */
  host?: string;
  /** The public URL of the site (BASE_URL), if it differs from the address that the server listens on. */
  baseUrl?: string | undefined;
  /**
   * The trusted proxies in front of the server. If undefined, there are none: the IP address of a connection is then
   * the address of the browser.
   */
  proxies?: TrustedProxies | undefined;
  /** Changes to the default connection limits. */
  pace?: Partial<ConnectionLimits>;
}

/**
 * Time after which an idle connection is closed, in milliseconds. Longer than the idle times of usual proxies, so that
 * the server never closes a connection that a proxy is about to use.
 */
const KEEP_ALIVE_MILLISECONDS = 65_000;

/**
 * Creates the HTTP server for readers and editors. URLs under `/api/`, `/admin/` and `/desk/` belong to the desk,
 * `/healthz` is for monitoring, and all other URLs belong to the site. Closing the server waits for requests in
 * progress, at most 30 seconds (graceful-close.ts).
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
