import Fastify, { type FastifyInstance } from 'fastify';
import { desk, type DeskOptions } from './desk.ts';
import { publicSite } from './public-site.ts';

export interface ServerOptions {
  /** Folder that readers get. */
  site: string;
  /** The editing desk; absent: readers only. */
  desk?: DeskOptions;
}

/** Longer than the idle times of usual proxies, so that it is never we who close a connection they are about to use. */
const KEEP_ALIVE_MILLISECONDS = 65_000;

/** The one process that readers and editors talk to: the desk under `/api/` and `/admin/`, everything else the site. */
export async function createServer({ site, desk: deskOptions }: ServerOptions): Promise<FastifyInstance> {
  const server = Fastify({
    logger: false,
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 500 },
  });
  server.get('/healthz', async () => ({ ok: true }));
  if (deskOptions) await server.register(desk, deskOptions);
  await server.register(publicSite, { root: site });
  return server;
}
