import { join } from 'node:path';
import { runCommand } from './command.ts';
import type { Story } from './corpus.ts';
import { installed } from './installed.ts';
import { openPeer, writeSite, type Peer } from './peer.ts';

const CONFIG = `
const groups = (stories, of) => {
  const found = new Map();
  for (const story of stories) {
    const key = String(story.data[of]);
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(story);
  }
  return [...found].map(([key, members]) => ({ key, members: members.reverse(), of }));
};
export default function (config) {
  config.addCollection('lists', (api) => ['unit', 'activity', 'year'].flatMap((of) => groups(api.getFilteredByTag('stories'), of)));
  config.addCollection('newest', (api) => api.getFilteredByTag('stories').slice(-20).reverse());
}
export const config = {
  dir: { input: 'content', output: 'public', includes: '../layouts' },
  templateFormats: ['md', 'njk'],
  markdownTemplateEngine: false,
};
`;

const HEAD = '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>';

const PAGE = `${HEAD}
<h1>{{ title }}</h1><p><time>{{ page.date.toISOString().slice(0, 10) }}</time> <a href="/unit/{{ unit }}/">{{ unit }}</a>
<a href="/activity/{{ activity }}/">{{ activity }}</a></p>{{ content | safe }}</body></html>
`;

const list = (stories: string): string => `${HEAD}
<ul>{% for story in ${stories} %}<li><a href="{{ story.url }}">{{ story.data.title }}</a> {{ story.page.date.toISOString().slice(0, 10) }}</li>{% endfor %}</ul></body></html>
`;

const LIST = `---
pagination: { data: collections.lists, size: 1, alias: list }
permalink: "/{{ list.of }}/{{ list.key }}/"
eleventyComputed: { title: "{{ list.key }}" }
---
${list('list.members')}`;

const HOME = `---
title: 和你在一起
permalink: /
---
${list('collections.newest')}`;

const FEED = `---
permalink: /rss.xml
---
<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>和你在一起</title><link>http://127.0.0.1/</link><description>故事</description>
{% for story in collections.newest %}<item><title>{{ story.data.title }}</title><link>http://127.0.0.1{{ story.url }}</link></item>{% endfor %}</channel></rss>
`;

/**
 * Returns a contender that runs Eleventy in a new process for each run.
 * @param root the folder in which the site is written.
 */
export async function eleventy(root: string, stories: readonly Story[]): Promise<Peer> {
  const { folder, version } = await installed('@11ty/eleventy');
  await writeSite(root, {
    'package.json': '{"type":"module"}',
    'eleventy.config.js': CONFIG,
    'layouts/story.njk': PAGE,
    'content/stories/stories.json': '{"layout":"story.njk","tags":"stories"}',
    'content/lists.njk': LIST,
    'content/home.njk': HOME,
    'content/feed.njk': FEED,
  });
  return openPeer({
    name: `Eleventy ${version}`,
    stories,
    content: join(root, 'content/stories'),
    pages: join(root, 'public/stories'),
    build: async () => runCommand(process.execPath, [join(folder, 'cmd.cjs'), '--quiet'], { cwd: root }),
  });
}
