import type { FastifyInstance } from 'fastify';

/**
 * Headers that may occur only once in a request. If one occurs twice, a proxy in front and this server may read
 * different hosts, clients or lengths. X-Forwarded-For is not in the list because it may have several lines. node:http
 * itself refuses two different lengths, and a length together with Transfer-Encoding.
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

/**
 * Returns the first header of `SINGLE` that occurs twice, or undefined if there is none. `lines` are alternating names
 * and values.
 */
export function repeatedHeader(lines: readonly string[]): string | undefined {
  const names = lines.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  return SINGLE.find((single) => names.indexOf(single) !== names.lastIndexOf(single));
}

/**
 * Refuses requests that repeat a header of `SINGLE` with status 400, and closes the connection (for Host: RFC 9112,
 * 3.2).
 */
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
