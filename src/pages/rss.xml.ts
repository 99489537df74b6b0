import type { APIRoute } from 'astro';
import type { StoryView } from '../model/view-models.ts';
import { xmlText } from '../text/xml.ts';
import { xmlResponse } from './_xml.ts';

/** Formats a date (YYYY-MM-DD) for RSS (RFC 822), as noon in China (04:00 UTC). */
function feedDate(date: string): string {
  return new Date(`${date}T04:00:00Z`).toUTCString().replace('GMT', '+0000');
}

/**
 * Returns the RSS item of a story. Its summary is escaped twice, because feed readers parse the description as HTML.
 */
function item(story: StoryView, origin: string): string {
  const address = xmlText(origin + story.href);
  const [photo] = story.photos;
  const picture = photo ? `<p><img src="${xmlText(origin + photo.fallback.src)}" alt="${xmlText(photo.alt)}"></p>` : '';
  return `    <item>
      <title>${xmlText(story.title)}</title>
      <link>${address}</link>
      <guid isPermaLink="true">${address}</guid>
      <pubDate>${feedDate(story.published ?? story.date)}</pubDate>
      <dc:creator>${xmlText(story.unit.name)}</dc:creator>
      <category>${xmlText(story.activity.title)}</category>
      <description>${xmlText(xmlText(story.summary))}</description>
      <content:encoded>${xmlText(picture + story.html)}</content:encoded>
    </item>`;
}

export const GET: APIRoute = ({ locals: { library } }) => {
  const site = library.site();
  const items = library.feed().map((story) => item(story, site.origin));
  return xmlResponse(`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel>
    <title>${xmlText(site.name)}</title>
    <link>${xmlText(`${site.origin}/`)}</link>
    <atom:link href="${xmlText(`${site.origin}/rss.xml`)}" rel="self" type="application/rss+xml"/>
    <description>${xmlText(`${site.organiser}的职工志愿服务活动故事`)}</description>
    <language>zh-CN</language>
${items.join('\n')}
  </channel>
</rss>`);
};
