import type { FastifyInstance } from 'fastify';
import type { DeskLog } from '../operations/log.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Name of the action of Decap's protocol that the request performs; empty until it is known. */
    deskAction: string;
  }
}

/** Duration from which a request to the desk counts as slow, in milliseconds. */
const SLOW = 1000;

/** Routes and actions that use POST although they change nothing. */
const READING_ROUTES: ReadonlySet<string> = new Set(['/api/preview']);
const READING_ACTIONS: ReadonlySet<string> = new Set([
  'info',
  'getEntry',
  'unpublishedEntry',
  'unpublishedEntryDataFile',
  'getMedia',
  'getDeployPreview',
  'getNotes',
  'unsavedCopies',
]);
/** Actions that every open form with unsaved work calls every 30 s, and that change no entry. */
const FREQUENT_ACTIONS: ReadonlySet<string> = new Set(['keepUnsaved']);
const READING_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Statuses that are not logged, because strangers can cause any number of them. */
const STRANGERS: ReadonlySet<number> = new Set([401, 404, 429]);

/**
 * Writes a log line for each request that changes something, fails through a fault of the server or, at the desk, is
 * slow. The line contains the pattern of the route instead of the path, because paths name entries. It never says who
 * sent the request, from where, or about which entry.
 */
export function logRequests(server: FastifyInstance, log: DeskLog): void {
  server.decorateRequest('deskAction', '');
  server.addHook('onResponse', async (request, reply) => {
    const { method, deskAction, id } = request;
    const route = request.routeOptions.url ?? '-';
    const status = reply.statusCode;
    const milliseconds = Math.round(reply.elapsedTime);
    const isNoted = !READING_ACTIONS.has(deskAction) && !FREQUENT_ACTIONS.has(deskAction);
    const changes = !READING_METHODS.has(method) && !READING_ROUTES.has(route) && isNoted;
    const failed = status >= 500;
    const slow = milliseconds >= SLOW && /^\/(?:api|admin|desk)\b/u.test(route);
    if (!failed && !slow && !(changes && !STRANGERS.has(status))) return;
    const facts = { method, route, action: deskAction || undefined, status, milliseconds, request: id };
    if (failed) log.failure('request', facts);
    else log.note('request', facts);
  });
}
