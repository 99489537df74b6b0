import type { FastifyInstance } from 'fastify';

/** Address of the rules: pages name it in a header, so that the rules are not part of each page. */
const ADDRESS = '/speculation.json';

/** Addresses that are no pages, or whose pages are made on request. */
const NOT = ['/api/*', '/admin/*', '/desk/*', '/search/*', '/photos/*', '/healthz', '/*.(png|svg|xml|json)'];

/**
 * Which pages a browser may fetch before a reader follows the link (HTML, “Speculation Rules”): pages of this site whose
 * link is touched or pointed at. They are fetched, not run. Browsers without support fetch nothing.
 */
const RULES = {
  prefetch: [
    {
      where: {
        and: [{ href_matches: '/*' }, { not: { href_matches: NOT } }, { not: { selector_matches: '[target]' } }],
      },
      eagerness: 'moderate',
    },
  ],
};

/** Serves the rules, and names them with every page, except to readers who save data (`Save-Data`). */
export function serveSpeculationRules(server: FastifyInstance): void {
  const rules = JSON.stringify(RULES);
  server.get(ADDRESS, async (_request, reply) =>
    reply.type('application/speculationrules+json').header('cache-control', 'public, max-age=86400').send(rules),
  );
  server.addHook('onSend', async ({ headers }, reply) => {
    const page = String(reply.getHeader('content-type')).startsWith('text/html');
    if (page && reply.statusCode === 200 && headers['save-data'] !== 'on')
      reply.header('speculation-rules', `"${ADDRESS}"`);
  });
}
