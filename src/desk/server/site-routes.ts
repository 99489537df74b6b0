import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsync } from 'fastify';
import { articleOfPoster } from '../../library/queries/addresses.ts';
import { serveSpeculationRules } from './speculation-rules.ts';

/** Matches paths of files whose names change with their content: browsers may cache them for a year. */
const IMMUTABLE = /^\/(?:_astro|photos)\/|^\/pagefind\/[0-9a-f]{12}\//u;

/** Options for sending the 404 page: always as a whole, without headers for revalidation or for requests of parts. */
const WHOLE = { etag: false, lastModified: false, acceptRanges: false };

/** Headers that describe the file in a response. */
const OF_THE_FILE = ['content-encoding', 'content-length', 'content-type', 'content-range', 'etag', 'last-modified'];

/** Returns whether an error means that a file was deleted after it was found and before it was opened. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/**
 * Resolves to whether a page of the site contains a link to a poster with this path, so that the poster will be drawn.
 * Pages of withdrawn entries do not contain such a link.
 */
async function isPosterToCome(root: string, address: string): Promise<boolean> {
  const article = articleOfPoster(address);
  if (article === undefined) return false;
  const page = await readFile(join(root, article, 'index.html'), 'utf8').catch(() => '');
  return page.includes(`href="${address}"`);
}

/**
 * Registers the files of the published site. A compressed copy is sent if there is one. This relies on two facts about
 * publishing: a page's compressed copies are deleted before the page is replaced, and a poster is drawn after its page.
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
    // The compressed copy has just been deleted. A second request gets the page, so the client is redirected to the
    // same URL, without the headers of the copy.
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
