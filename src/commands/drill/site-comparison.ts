import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { SIGNATURE } from '../../search/index/brotli-files.ts';
import { SEARCH_FOLDER } from '../../search/index/index-files.ts';
import { readAddress } from '../../search/shared/result-url.ts';
import { CommandRefusal } from '../environment/settings.ts';

/** Number of characters of a title that are searched for. */
const PHRASE = 4;

const result = z.object({ url: z.string(), content: z.string(), meta: z.record(z.string(), z.string()) });

/** The result of a comparison. */
export interface Comparison {
  /** Paths of the pages below the site's root. */
  pages: readonly string[];
  /** The words that were searched for; undefined if there is no story. */
  phrase: string | undefined;
  /** Number of results. */
  hits: number;
  /** Whether pages and results were compared with those of the live site. */
  withLive: boolean;
}

/** Returns the text of a page without tags, scripts and styles, with single spaces. */
function textOf(html: string): string {
  return html
    .replaceAll(/<(script|style)\b[\s\S]*?<\/\1>/gu, ' ')
    .replaceAll(/<[^>]+>/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

/** Returns the URLs of all documents in the search index of a site whose title or text contains a phrase. */
function search(site: string, phrase: string): Set<string> {
  const found = new Set<string>();
  for (const file of globSync(`${SEARCH_FOLDER}/*/fragment/*.pf_fragment`, { cwd: site })) {
    const bytes = gunzipSync(readFileSync(join(site, file))).subarray(SIGNATURE.length);
    const { url, content, meta } = result.parse(JSON.parse(bytes.toString()));
    const words = `${meta['title'] ?? ''} ${content}`.replaceAll('\u200B', '');
    if (words.includes(phrase)) found.add(readAddress(url).url);
  }
  return found;
}

/** Returns the paths of three pages of a site: the front page, and the first and the last story. */
function pagesOf(site: string): string[] {
  const stories = globSync('stories/*/index.html', { cwd: site })
    .map((file) => file.slice(0, -'index.html'.length))
    .sort();
  return [...new Set(['', stories.at(0) ?? 'stories/', stories.at(-1) ?? 'units/'])];
}

/**
 * Compares a site that was built from a backup with the live site: three pages as the server sends them, and the results
 * of one search. If `live` is undefined, only checks that the pages exist and that the search finds the story whose
 * title it uses.
 * @param url URL of the site that was built from the backup
 * @param site folder of that site
 * @param live folder of the live site
 * @throws CommandRefusal that names the first difference.
 */
export async function compareSites(url: string, site: string, live: string | undefined): Promise<Comparison> {
  const pages = pagesOf(site);
  for (const page of pages) {
    const response = await fetch(`${url}/${page}`);
    const html = await response.text();
    if (!response.ok || textOf(html) === '') {
      throw new CommandRefusal(`演练没有通过：用备份做出的网站打不开 /${page}（${response.status}）。`);
    }
    if (live === undefined) continue;
    const file = join(live, page, 'index.html');
    if (!existsSync(file) || textOf(readFileSync(file, 'utf8')) !== textOf(html)) {
      throw new CommandRefusal(`演练没有通过：用备份做出的网页 /${page} 和现在的网站不一样。`);
    }
  }
  const story = pages.find((page) => /^stories\/./u.test(page));
  const html = story === undefined ? '' : readFileSync(join(site, story, 'index.html'), 'utf8');
  const title = textOf(/<h1\b[^>]*>([\s\S]*?)<\/h1>/u.exec(html)?.[1] ?? '');
  const phrase = title === '' ? undefined : title.slice(0, PHRASE);
  if (phrase === undefined) return { pages, phrase, hits: 0, withLive: live !== undefined };
  const found = search(site, phrase);
  if (!found.has(`/${story}`)) {
    throw new CommandRefusal(`演练没有通过：在用备份做出的网站里搜“${phrase}”，搜不到 /${story}。`);
  }
  const others = live === undefined ? found : search(live, phrase);
  if (others.size !== found.size || [...others].some((address) => !found.has(address))) {
    throw new CommandRefusal(
      `演练没有通过：在用备份做出的网站里搜“${phrase}”有 ${found.size} 条，现在的网站有 ${others.size} 条。`,
    );
  }
  return { pages, phrase, hits: found.size, withLive: live !== undefined };
}
