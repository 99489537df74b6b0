import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { access } from '../authorisation/route-access.ts';
import { PROJECT_ROOT } from '../../render/compile/build-cache.ts';

const own = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');
const LOOK =
  readFileSync(join(PROJECT_ROOT, 'src/styles/colours.css'), 'utf8') +
  own('desk.css') +
  own('lists/lists.css') +
  own('history.css') +
  own('help.css');
const BROWSER = own('client-script.js');

/**
 * Registers the style sheet and the script of the desk's pages. `prefix` is the start of their paths, if the server
 * itself has no prefix.
 */
export function pageAssets(server: FastifyInstance, prefix = ''): void {
  const anyone = access({ who: 'anyone' });
  server.get(`${prefix}/office.css`, anyone, async (_request, reply) => asset(reply, 'text/css', LOOK));
  server.get(`${prefix}/office.js`, anyone, async (_request, reply) => asset(reply, 'text/javascript', BROWSER));
}

function asset(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply.header('cache-control', 'no-cache').type(`${type}; charset=utf-8`).send(text);
}
