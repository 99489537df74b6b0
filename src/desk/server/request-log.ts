import type { FastifyInstance } from 'fastify';
import type { DeskLog } from '../operations/log.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The action of the protocol that was asked for, once it is known to be one. */
    deskAction: string;
  }
}

/** From here on a request of the desk is slow, in milliseconds. */
const SLOW = 1000;

/** What is sent like a change and changes nothing. */
const READING_ROUTES: ReadonlySet<string> = new Set(['/api/preview']);
const READING_ACTIONS: ReadonlySet<string> = new Set([
  'info',
  'entriesByFolder',
  'entriesByFiles',
  'getEntry',
  'unpublishedEntries',
  'unpublishedEntry',
  'unpublishedEntryDataFile',
  'getMedia',
  'getDeployPreview',
  'getNotes',
]);
const READING_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Nobody’s requests: strangers send any number of them. */
const STRANGERS: ReadonlySet<number> = new Set([401, 404, 429]);

/**
 * Writes a line for each request that changes something, fails by our fault or, at the desk, is slow. It says by which
 * route (its pattern: addresses name entries), never who asked, from where or for what.
 */
export function logRequests(server: FastifyInstance, log: DeskLog): void {
  server.decorateRequest('deskAction', '');
  server.addHook('onResponse', async (request, reply) => {
    const { method, deskAction, id } = request;
    const route = request.routeOptions.url ?? '-';
    const status = reply.statusCode;
    const milliseconds = Math.round(reply.elapsedTime);
    const changes = !READING_METHODS.has(method) && !READING_ROUTES.has(route) && !READING_ACTIONS.has(deskAction);
    const failed = status >= 500;
    const slow = milliseconds >= SLOW && /^\/(?:api|admin|desk)\b/u.test(route);
    if (!failed && !slow && !(changes && !STRANGERS.has(status))) return;
    const facts = { method, route, action: deskAction || undefined, status, milliseconds, request: id };
    if (failed) log.failure('request', facts);
    else log.note('request', facts);
  });
}
