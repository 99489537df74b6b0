import type { FastifyInstance } from 'fastify';

/** Path of the rules. Pages name this path in a header, so that the rules are not part of each page. */
const ADDRESS = '/speculation.json';

/**
 * Patterns of the paths that browsers must not fetch early: paths of files that are not pages, and paths of pages that
 * the server makes on request.
 */
const NOT = ['/api/*', '/admin/*', '/desk/*', '/search/*', '/photos/*', '/healthz', '/*.(png|svg|xml|json)'];

/**
 * Speculation rules (HTML): which pages a browser may fetch before a reader follows a link to them. These are pages of
 * this site whose link is touched or pointed at. Their scripts do not run. Browsers without support ignore the rules.
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

/**
 * Registers the rules, and adds the header that names them to every page, except for readers who save data
 * (`Save-Data`).
 */
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
