import type { FastifyInstance } from 'fastify';

/** Where the rules lie: pages name them in a header, so that no page grows by them. */
const ADDRESS = '/speculation.json';

/** What is no page, or makes one for the asking only. */
const NOT = ['/api/*', '/admin/*', '/desk/*', '/search/*', '/photos/*', '/healthz', '/*.(png|svg|xml|json)'];

/**
 * Which pages a browser may fetch before a reader follows the link (HTML, “Speculation Rules”): those of this site that
 * a finger or a mouse is already at. They are fetched, not run. Browsers that do not know the rules ask for nothing.
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

/** Serves the rules, and names them with every page that this server sends to who does not save data (`Save-Data`). */
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
