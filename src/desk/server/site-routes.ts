import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync } from 'fastify';
import { articleOfPoster } from '../../library/queries/addresses.ts';
import { serveSpeculationRules } from './speculation-rules.ts';

/** Files whose name changes with their content: they may be kept for a year. */
const IMMUTABLE = /^\/(?:_astro|photos)\/|^\/pagefind\/[0-9a-f]{12}\//u;

/** Nobody revalidates what is not there, or gets a part of it. */
const WHOLE = { etag: false, lastModified: false, acceptRanges: false };

/** What answers say of the file that they send. */
const OF_THE_FILE = ['content-encoding', 'content-length', 'content-type', 'content-range', 'etag', 'last-modified'];

/** Was a file there when it was looked at, and gone when it was opened? */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Answers whether an address is that of a poster that a page of the site offers: one that is withdrawn offers none. */
async function isPosterToCome(root: string, address: string): Promise<boolean> {
  const article = articleOfPoster(address);
  if (article === undefined) return false;
  const page = await readFile(join(root, article, 'index.html'), 'utf8').catch(() => '');
  return page.includes(`href="${address}"`);
}

/**
 * Serves the folder that readers get, compressed where there is a copy: nothing here knows how its files come about, but
 * that a page's copies go before it is replaced, and that a poster comes after its page.
 */
export const siteRoutes: FastifyPluginAsync<{ root: string }> = async (server, { root }) => {
  serveSpeculationRules(server);
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
  server.setErrorHandler(async (error, request, reply) => {
    if (!isGone(error) || reply.raw.headersSent) throw error;
    // The copy went in this moment: the next look finds the page. What was said of the copy is not said of the page.
    for (const name of OF_THE_FILE) {
      reply.removeHeader(name);
      reply.raw.removeHeader(name);
    }
    return reply.code(307).header('cache-control', 'no-store').header('location', request.url).send();
  });
  server.setNotFoundHandler(async (request, reply) => {
    reply.header('cache-control', 'no-cache');
    const later = async (sentence: string) =>
      reply.code(503).header('retry-after', '5').type('text/plain; charset=utf-8').send(`${sentence}\n`);
    if (!existsSync(join(root, '404.html'))) return later('网站正在准备，请稍候再来。');
    if (await isPosterToCome(root, request.url)) return later('这张海报还没有画好，请过几秒再打开。');
    reply.code(404);
    if (request.method !== 'GET' && request.method !== 'HEAD') return reply.type('text/plain').send('Not found\n');
    return reply.type('text/html; charset=utf-8').sendFile('404.html', WHOLE);
  });
};
