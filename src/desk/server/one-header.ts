import type { FastifyInstance } from 'fastify';

/**
 * Headers of which two contradict one another: what a proxy in front took for the host, the client or the length need not
 * be what we take. X-Forwarded-For is a list, which may come in several lines. node:http itself refuses two different lengths, and a length beside Transfer-Encoding.
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

/** Answers the first header that may stand once in a request and stands twice; `lines`: names and values by turns. */
export function repeatedHeader(lines: readonly string[]): string | undefined {
  const names = lines.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  return SINGLE.find((single) => names.indexOf(single) !== names.lastIndexOf(single));
}

/** Refuses (400) a request that says twice what may be said once (RFC 9112, 3.2, for Host), and hangs up. */
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
