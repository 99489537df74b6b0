import type { FastifyInstance, FastifyReply } from 'fastify';

type Headers = Readonly<Record<string, string>>;

/** Headers of every response. */
export const EVERYWHERE: Headers = { 'x-content-type-options': 'nosniff' };
/**
 * Headers of responses over HTTPS. They do not apply to subdomains, because the union's domain may have other hosts,
 * which this server must not change.
 */
const SECURE: Headers = { 'strict-transport-security': 'max-age=31536000' };
/** Value of Permissions-Policy: turns off features that no page uses, so that no injected script can use them. */
const PERMISSIONS = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'serial', 'usb']
  .map((feature) => `${feature}=()`)
  .join(', ');
/** Headers of pages and redirects only: other files do not need them, and a search loads many small files. */
const PAGE: Headers = {
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy': PERMISSIONS,
  'cross-origin-opener-policy': 'same-origin',
  // A meta element cannot set this directive. With 'self' the desk can show a page in its preview.
  'content-security-policy': "frame-ancestors 'self'",
};
/** Headers of every response of the desk: no cache stores the response, and no other site can embed it. */
const DESK: Headers = {
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

function setMissing(reply: FastifyReply, headers: Headers): void {
  for (const [name, value] of Object.entries(headers)) if (!reply.hasHeader(name)) reply.header(name, value);
}

/** Adds security headers to every response of a server, errors included. Headers that a route has set are kept. */
export function sendSecurityHeaders(server: FastifyInstance): void {
  server.addHook('onSend', async (request, reply) => {
    setMissing(reply, EVERYWHERE);
    if (server.ownAddress.isSecure(request)) setMissing(reply, SECURE);
    const { statusCode } = reply;
    const page = String(reply.getHeader('content-type')).startsWith('text/html');
    // A redirect leads to a page, and a 304 for a page has no content type.
    if (page || (statusCode >= 300 && statusCode < 400)) setMissing(reply, PAGE);
  });
}

/** Adds the desk's headers to every response. Routes can overwrite them. */
export function sendDeskHeaders(desk: FastifyInstance): void {
  desk.addHook('onRequest', async (_request, reply) => setMissing(reply, DESK));
}
