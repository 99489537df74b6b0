import type { FastifyInstance, FastifyReply } from 'fastify';

type Headers = Readonly<Record<string, string>>;

/** What every answer says to a browser. */
export const EVERYWHERE: Headers = { 'x-content-type-options': 'nosniff' };
/** Only by https, and for this name alone: what else the union serves below its domain is not ours to decide. */
const SECURE: Headers = { 'strict-transport-security': 'max-age=31536000' };
/** Nothing on these pages asks for any of it, and nothing that gets into them may. */
const PERMISSIONS = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'serial', 'usb']
  .map((feature) => `${feature}=()`)
  .join(', ');
/** What a page says besides. Other files have no use for it, and a search fetches many small ones. */
const PAGE: Headers = {
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy': PERMISSIONS,
  'cross-origin-opener-policy': 'same-origin',
  // A meta element cannot say this; 'self', so that the desk can show a page in its preview.
  'content-security-policy': "frame-ancestors 'self'",
};
/** What the desk says with every answer: kept by nobody, of use to no other site. */
const DESK: Headers = {
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

function setMissing(reply: FastifyReply, headers: Headers): void {
  for (const [name, value] of Object.entries(headers)) if (!reply.hasHeader(name)) reply.header(name, value);
}

/** Gives every answer of a server, errors included, what browsers are to be told; what a route has said stays. */
export function sendSecurityHeaders(server: FastifyInstance): void {
  server.addHook('onSend', async (request, reply) => {
    setMissing(reply, EVERYWHERE);
    if (server.ownAddress.isSecure(request)) setMissing(reply, SECURE);
    const { statusCode } = reply;
    const page = String(reply.getHeader('content-type')).startsWith('text/html');
    // A redirect leads to a page, and an answer that nothing has changed (304) does not say of what kind it is.
    if (page || (statusCode >= 300 && statusCode < 400)) setMissing(reply, PAGE);
  });
}

/** Gives the desk's answers what they say besides. */
export function sendDeskHeaders(desk: FastifyInstance): void {
  desk.addHook('onRequest', async (_request, reply) => setMissing(reply, DESK));
}
