import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { PROJECT_ROOT } from '../../render/compile/build-cache.ts';

const own = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');
const LOOK =
  readFileSync(join(PROJECT_ROOT, 'src/styles/ground.css'), 'utf8') +
  own('look.css') +
  own('history.css') +
  own('help/help.css');
const BROWSER = own('browser.js');

/** Serves style and script of the desk's pages; `prefix`: what is before them where the server has none of its own. */
export function officeAssets(server: FastifyInstance, prefix = ''): void {
  server.get(`${prefix}/office.css`, async (_request, reply) => asset(reply, 'text/css', LOOK));
  server.get(`${prefix}/office.js`, async (_request, reply) => asset(reply, 'text/javascript', BROWSER));
}

function asset(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply.header('cache-control', 'no-cache').type(`${type}; charset=utf-8`).send(text);
}
