import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import { desk, type DeskOptions } from './desk.ts';
import { publicSite } from './public-site.ts';
import { closeGracefully } from './upkeep/connections.ts';
import { logRequests } from './upkeep/request-log.ts';

export interface ServerOptions {
  /** Folder that readers get. */
  site: string;
  /** The editing desk; absent: readers only. */
  desk?: DeskOptions;
}

/** Longer than the idle times of usual proxies, so that it is never we who close a connection they are about to use. */
const KEEP_ALIVE_MILLISECONDS = 65_000;

/**
 * The one process that readers and editors talk to: the desk under `/api/` and `/admin/`, everything else the site, and
 * `/healthz` for who watches over it. Closing it lets requests under way be answered.
 */
export async function createServer({ site, desk: deskOptions }: ServerOptions): Promise<FastifyInstance> {
  const server = Fastify({
    logger: false,
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 500 },
  });
  closeGracefully(server);
  if (deskOptions) logRequests(server, deskOptions.log);
  server.get('/healthz', async (_request, reply) => {
    const health = deskOptions ? await deskOptions.health() : { ok: true };
    return reply
      .code(health.ok ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(health);
  });
  if (deskOptions) await server.register(desk, deskOptions);
  await server.register(publicSite, { root: site });
  return server;
}
