import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { SIGNATURE } from '../../search/index/brotli-files.ts';
import { manifestIn, namesIn, SEARCH_FOLDER } from '../../search/index/index-files.ts';
import type { IndexManifest } from '../../search/shared/index-manifest.ts';
import { readAddress } from '../../search/shared/result-url.ts';
import { CommandRefusal } from '../environment/settings.ts';

/** Number of characters of a title that are searched for. */
const PHRASE = 4;
/** Matches the path of a story's page. Other pages below `stories/` are lists of stories. */
const STORY = /^stories\/\d{8}-/u;
/** File extension of the documents in a search index. */
const DOCUMENT = '.pf_fragment';
/** Longest time until the site is complete, and the time between two looks, in milliseconds. */
const LONGEST = 3_600_000;
const INTERVAL = 500;

const health = z.object({ photosPending: z.int().optional() });
const result = z.object({ url: z.string(), content: z.string(), meta: z.record(z.string(), z.string()) });

/** The result of a comparison. */
export interface Comparison {
  /** Paths of the pages below the site's root. */
  pages: readonly string[];
  /** The phrase that was searched for; undefined if there is no story. */
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

/** Resolves to the manifest of the search index of a site, or to undefined if the index is not complete. */
async function completeIndex(site: string): Promise<IndexManifest | undefined> {
  const manifest = await manifestIn(join(site, SEARCH_FOLDER));
  return manifest?.making === true ? undefined : manifest;
}

/**
 * Waits until all pages of a site have their photos and its search index is complete: a desk first publishes the texts.
 * Resolves to the manifest of the index.
 */
async function untilComplete(url: string, site: string): Promise<IndexManifest> {
  const end = performance.now() + LONGEST;
  while (performance.now() < end) {
    const { photosPending = 0 } = health.parse(await (await fetch(`${url}/healthz`)).json());
    const manifest = await completeIndex(site);
    if (manifest && photosPending === 0) return manifest;
    await pause(INTERVAL);
  }
  throw new CommandRefusal('演练没有通过：等了一小时，用备份做出的网站还没有全部照片，或还不能搜索。');
}

/** Returns the URLs of the documents in the search index of a site whose title or text contains a phrase. */
function search(site: string, manifest: IndexManifest, phrase: string): Set<string> {
  const gone = new Set(manifest.gone);
  const files = namesIn(manifest)
    .flatMap((name) => globSync(`${SEARCH_FOLDER}/${name}/fragment/*${DOCUMENT}`, { cwd: site }))
    .filter((file) => !gone.has(basename(file, DOCUMENT)));
  const found = new Set<string>();
  for (const file of files) {
    const bytes = gunzipSync(readFileSync(join(site, file))).subarray(SIGNATURE.length);
    const { url, content, meta } = result.parse(JSON.parse(bytes.toString()));
    // The index has zero-width spaces between words.
    const words = `${meta['title'] ?? ''} ${content}`.replaceAll('\u200B', '');
    if (words.includes(phrase)) found.add(readAddress(url).url);
  }
  return found;
}

/** Returns the origin in the absolute URLs of a site, or undefined if its front page has none. */
export function originIn(site: string): string | undefined {
  const html = readFileSync(join(site, 'index.html'), 'utf8');
  const [, address] = /<link\b[^>]*\brel="canonical"[^>]*\bhref="([^"]+)"/u.exec(html) ?? [];
  return address === undefined ? undefined : new URL(address).origin;
}

/** Returns the paths of three pages of a site: the front page, and the first and the last story. */
function pagesOf(site: string): string[] {
  const stories = globSync('stories/*/index.html', { cwd: site })
    .map((file) => file.slice(0, -'index.html'.length))
    .filter((page) => STORY.test(page))
    .sort();
  return [...new Set(['', stories.at(0) ?? 'stories/', stories.at(-1) ?? 'units/'])];
}

/** Expects that the server has some pages, and that their text is the same as in the folder `live`, if there is one. */
async function comparePages(url: string, pages: readonly string[], live: string | undefined): Promise<void> {
  for (const page of pages) {
    const response = await fetch(`${url}/${page}`);
    const text = textOf(await response.text());
    if (!response.ok || text === '') {
      throw new CommandRefusal(`演练没有通过：用备份做出的网站打不开 /${page}（${response.status}）。`);
    }
    const file = live === undefined ? undefined : join(live, page, 'index.html');
    if (file !== undefined && (!existsSync(file) || textOf(readFileSync(file, 'utf8')) !== text)) {
      throw new CommandRefusal(`演练没有通过：用备份做出的网页 /${page} 和现在的网站不一样。`);
    }
  }
}

/**
 * Compares a site that was built from a backup with the live site: three pages as the server sends them, and the results
 * of one search. If `live` is undefined or its search index is not complete, only checks that the pages exist and that
 * the search finds the story whose title it uses.
 * @param url URL of the site that was built from the backup
 * @param site folder of that site
 * @param live folder of the live site
 * @throws CommandRefusal that names the first difference.
 */
export async function compareSites(url: string, site: string, live: string | undefined): Promise<Comparison> {
  const liveIndex = live === undefined ? undefined : await completeIndex(live);
  const compared = liveIndex ? live : undefined;
  const pages = pagesOf(site);
  const index = await untilComplete(url, site);
  await comparePages(url, pages, compared);
  const story = pages.find((page) => STORY.test(page));
  const html = story === undefined ? '' : readFileSync(join(site, story, 'index.html'), 'utf8');
  const title = textOf(/<h1\b[^>]*>([\s\S]*?)<\/h1>/u.exec(html)?.[1] ?? '');
  const withLive = compared !== undefined;
  if (title === '') return { pages, phrase: undefined, hits: 0, withLive };
  const phrase = title.slice(0, PHRASE);
  const found = search(site, index, phrase);
  if (!found.has(`/${story}`)) {
    throw new CommandRefusal(`演练没有通过：在用备份做出的网站里搜“${phrase}”，搜不到 /${story}。`);
  }
  const others = compared !== undefined && liveIndex ? search(compared, liveIndex, phrase) : found;
  if (others.symmetricDifference(found).size > 0) {
    throw new CommandRefusal(
      `演练没有通过：在用备份做出的网站里搜“${phrase}”有 ${found.size} 条，现在的网站有 ${others.size} 条，不一样。`,
    );
  }
  return { pages, phrase, hits: found.size, withLive };
}
