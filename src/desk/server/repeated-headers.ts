import type { FastifyInstance } from 'fastify';

/**
 * Headers that may occur once in a request: with two of them, a proxy in front and this server may read different hosts,
 * clients or lengths. X-Forwarded-For is a list and may have several lines. node:http itself refuses two different
 * lengths, and a length beside Transfer-Encoding.
 */
const SINGLE = [
  'host',
  'origin',
  'content-length',
  'content-type',
  'transfer-encoding',
  'sec-fetch-site',
  'x-forwarded-proto',
  'x-forwarded-host',
] as const;

/** Returns the first of these headers that occurs twice, or undefined; `lines`: alternating names and values. */
export function repeatedHeader(lines: readonly string[]): string | undefined {
  const names = lines.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  return SINGLE.find((single) => names.indexOf(single) !== names.lastIndexOf(single));
}

/** Refuses (400) requests that repeat one of these headers (for Host: RFC 9112, 3.2), and closes the connection. */
export function refuseRepeatedHeaders(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    const repeated = repeatedHeader(request.raw.rawHeaders);
    if (repeated === undefined) return;
    await reply
      .code(400)
      .header('connection', 'close')
      .type('text/plain; charset=utf-8')
      .send(`请求里有两个 ${repeated}，没有处理。\n`);
  });
}
