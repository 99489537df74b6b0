import type { FastifyInstance } from 'fastify';
import type { DeskLog } from '../operations/log.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The action of the protocol that the request performs; empty until it is known. */
    deskAction: string;
  }
}

/** Requests of the desk that take longer are slow, in milliseconds. */
const SLOW = 1000;

/** Routes and actions that are sent with POST and change nothing. */
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
/** Statuses of requests by strangers, who send any number of them. */
const STRANGERS: ReadonlySet<number> = new Set([401, 404, 429]);

/**
 * Writes a line for each request that changes something, fails by the server's fault or, at the desk, is slow. The line
 * has the route's pattern, because addresses name entries, and never who asked, from where or for what.
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
