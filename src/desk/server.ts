import Fastify, { type FastifyInstance } from 'fastify';
import { publicSite } from './public-site.ts';

export interface ServerOptions {
  /** Folder that readers get. */
  site: string;
  host: string;
  port: number;
}

/** Longer than the idle times of usual proxies, so that it is never we who close a connection they are about to use. */
const KEEP_ALIVE_MILLISECONDS = 65_000;

/**
 * The one process that readers and, later, editors talk to. The desk registers its plugin here, before the site,
 * under paths of its own (`/admin/`, `/api/`).
 */
export async function createServer({ site }: Pick<ServerOptions, 'site'>): Promise<FastifyInstance> {
  const server = Fastify({ logger: false, keepAliveTimeout: KEEP_ALIVE_MILLISECONDS, forceCloseConnections: true });
  server.get('/healthz', async () => ({ ok: true }));
  await server.register(publicSite, { root: site });
  return server;
}
