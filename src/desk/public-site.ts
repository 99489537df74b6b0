import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync } from 'fastify';

/** Files whose name changes with their content: they may be kept for a year. */
const IMMUTABLE = /^\/(?:_astro|photos)\/|^\/pagefind\/[0-9a-f]{12}\//u;

/** Serves the folder that readers get: nothing here knows how its files come about. */
export const publicSite: FastifyPluginAsync<{ root: string }> = async (server, { root }) => {
  await server.register(fastifyStatic, {
    root,
    redirect: true,
    index: ['index.html'],
    dotfiles: 'deny',
    cacheControl: false,
    preCompressed: true,
    setHeaders: (reply, path) => {
      const address = path.slice(root.length).replaceAll('\\', '/');
      const lasting = IMMUTABLE.test(address);
      reply.header(
        'cache-control',
        lasting ? 'public, max-age=31536000, immutable' : 'public, max-age=0, must-revalidate',
      );
    },
  });
  server.setNotFoundHandler(async (request, reply) => {
    reply.header('cache-control', 'no-cache');
    if (!existsSync(join(root, '404.html'))) {
      return reply
        .code(503)
        .header('retry-after', '5')
        .type('text/plain; charset=utf-8')
        .send('网站正在准备，请稍候再来。\n');
    }
    reply.code(404);
    if (request.method !== 'GET' && request.method !== 'HEAD') return reply.type('text/plain').send('Not found\n');
    return reply.type('text/html; charset=utf-8').sendFile('404.html');
  });
};
