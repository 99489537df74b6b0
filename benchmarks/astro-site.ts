import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import type { Story } from './corpus.ts';
import { installed, MODULES } from './installed.ts';
import { openPeer, writeSite, type Peer } from './peer.ts';

/**
 * Configuration of Astro. It keeps Astro's caches in the site's folder, because the site's node_modules is a link to
 * the project's.
 */
const CONFIG = `
import { defineConfig } from 'astro/config';
export default defineConfig({ site: 'http://127.0.0.1', cacheDir: './cache', vite: { cacheDir: './cache/vite' } });
`;

const COLLECTION = `
import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';
const schema = z.object({ title: z.string(), date: z.coerce.date(), unit: z.string(), activity: z.string(), year: z.string() });
export const collections = { stories: defineCollection({ loader: glob({ pattern: '*.md', base: './src/content/stories' }), schema }) };
`;

const HEAD =
  '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head><body><h1>{title}</h1>';
const ITEM =
  '<li><a href={`/stories/${story.id}/`}>{story.data.title}</a> {story.data.date.toISOString().slice(0, 10)}</li>';

const STORY = `---
import { getCollection, render } from 'astro:content';
export async function getStaticPaths() {
  return (await getCollection('stories')).map((story) => ({ params: { id: story.id }, props: { story } }));
}
const { story } = Astro.props;
const { title, date, unit, activity } = story.data;
const { Content } = await render(story);
---
${HEAD}<p><time>{date.toISOString().slice(0, 10)}</time> <a href={\`/unit/\${unit}/\`}>{unit}</a>
<a href={\`/activity/\${activity}/\`}>{activity}</a></p><Content /></body></html>
`;

const LIST = `---
import { getCollection } from 'astro:content';
export async function getStaticPaths() {
  const stories = (await getCollection('stories')).sort((one, other) => other.data.date - one.data.date);
  return ['unit', 'activity', 'year'].flatMap((of) =>
    [...Map.groupBy(stories, (story) => story.data[of])].map(([key, members]) => ({ params: { of, key }, props: { members } })),
  );
}
const title = Astro.params.key;
---
${HEAD}<ul>{Astro.props.members.map((story) => ${ITEM})}</ul></body></html>
`;

const NEWEST = `(await getCollection('stories')).sort((one, other) => other.data.date - one.data.date).slice(0, 20)`;

const HOME = `---
import { getCollection } from 'astro:content';
const newest = ${NEWEST};
const title = '和你在一起';
---
${HEAD}<ul>{newest.map((story) => ${ITEM})}</ul></body></html>
`;

const FEED = `
import { getCollection } from 'astro:content';
export async function GET() {
  const newest = ${NEWEST};
  const items = newest.map((story) => \`<item><title>\${story.data.title}</title><link>http://127.0.0.1/stories/\${story.id}/</link></item>\`);
  return new Response(\`<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>和你在一起</title><link>http://127.0.0.1/</link><description>故事</description>\${items.join('')}</channel></rss>\`);
}
`;

/**
 * Returns a contender that runs Astro's own build with a content collection, in a new process for each run. Astro's
 * caches are kept between runs.
 * @param root the folder in which the site is written.
 */
export async function astroSite(root: string, stories: readonly Story[]): Promise<Peer> {
  const { folder, version } = await installed('astro');
  await writeSite(root, {
    'package.json': '{"type":"module"}',
    'tsconfig.json': '{"extends":"astro/tsconfigs/base"}',
    'astro.config.mjs': CONFIG,
    'src/content.config.ts': COLLECTION,
    'src/pages/stories/[id].astro': STORY,
    'src/pages/[of]/[key].astro': LIST,
    'src/pages/index.astro': HOME,
    'src/pages/rss.xml.ts': FEED,
  });
  await symlink(MODULES, join(root, 'node_modules'));
  const options = { cwd: root, env: { ASTRO_TELEMETRY_DISABLED: '1' } };
  return openPeer({
    name: `astro build ${version}`,
    stories,
    content: join(root, 'src/content/stories'),
    pages: join(root, 'dist/stories'),
    build: async () => runCommand(process.execPath, [join(folder, 'bin/astro.mjs'), 'build', '--silent'], options),
  });
}
