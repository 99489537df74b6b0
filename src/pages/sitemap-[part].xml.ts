import type { APIRoute } from 'astro';
import { pathsOf } from '../library/static-paths.ts';
import { notFound } from './_address.ts';
import { xmlText } from '../text/xml.ts';
import { xmlResponse } from './_xml.ts';

/**
 * Returns the paths of all parts of the sitemap. Leaves out sitemap-index.xml: it fits this pattern, but another file
 * of this folder makes it.
 */
export const getStaticPaths = () => pathsOf('/sitemap-[part].xml').filter(({ params }) => params['part'] !== 'index');

export const GET: APIRoute = ({ params, locals: { library } }) => {
  const { origin } = library.site();
  const entries = library.sitemap(params['part'] ?? '');
  if (!entries) return notFound();
  const addresses = entries.map(({ href, modified }) => {
    const changed = modified ? `<lastmod>${xmlText(modified)}</lastmod>` : '';
    return `  <url><loc>${xmlText(origin + href)}</loc>${changed}</url>`;
  });
  return xmlResponse(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${addresses.join('\n')}
</urlset>`);
};
