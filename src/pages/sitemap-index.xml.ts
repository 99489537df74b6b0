import type { APIRoute } from 'astro';
import { xmlText } from '../text/xml.ts';
import { xmlResponse } from './_xml.ts';

export const GET: APIRoute = ({ locals: { library } }) => {
  const { origin } = library.site();
  const parts = library
    .sitemapParts()
    .map((part) => `  <sitemap><loc>${xmlText(`${origin}/sitemap-${part}.xml`)}</loc></sitemap>`);
  return xmlResponse(`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${parts.join('\n')}
</sitemapindex>`);
};
