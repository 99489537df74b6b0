import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync } from 'fastify';

/** Files whose name changes with their content: they may be kept for a year. */
const IMMUTABLE = /^\/(?:_astro|photos)\/|^\/pagefind\/[0-9a-f]{12}\//u;

/** What every answer says to a browser, besides what the page's own policy (a meta element) says. */
const HEADERS = { 'x-content-type-options': 'nosniff' };
/** What a page says besides. Other files have no use for it, and a search fetches many small ones. */
const PAGE_HEADERS = {
  'referrer-policy': 'strict-origin-when-cross-origin',
  // A meta element cannot say this; 'self', so that the desk can show a page in its preview.
  'content-security-policy': "frame-ancestors 'self'",
};

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
  server.addHook('onSend', async (_request, reply) => {
    reply.headers(HEADERS);
    if (String(reply.getHeader('content-type')).startsWith('text/html')) reply.headers(PAGE_HEADERS);
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
