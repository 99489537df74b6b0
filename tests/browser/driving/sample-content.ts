// Reads the sample content from its files, independently of the site's code.
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import MarkdownIt from 'markdown-it';
import { parse } from 'yaml';
import { z } from 'zod';
import { PROJECT_ROOT } from '../../../src/render/compile/build-cache.ts';
import type { Written } from './written.ts';

const ROOT = join(PROJECT_ROOT, 'content');
const texts = z.array(z.string()).default([]);
const photos = z.array(z.object({ caption: z.string() })).default([]);
const unitFile = z.object({ name: z.string() });
const storyFile = z.object({
  id: z.string(),
  title: z.string(),
  date: z.string(),
  place: z.string(),
  unit: z.string(),
  coOrganisers: texts,
  summary: z.string(),
  photos,
});
const exampleFile = z.object({
  id: z.string(),
  name: z.string(),
  honours: texts,
  unit: z.string(),
  summary: z.string(),
  quote: z.string().default(''),
  photos,
});
const wishFile = z.object({
  id: z.string(),
  group: z.string(),
  alias: z.string(),
  wish: z.string(),
  unit: z.string(),
  updated: z.string(),
  claimedBy: z.string().default(''),
  state: z.string(),
});
const summaryFile = z.object({ unit: z.string(), year: z.coerce.number() });
const noticeFile = z.object({ title: z.string(), number: z.string(), issuer: z.string(), signed: z.string() });

/** Returns the text of each block of a Markdown text, such as a paragraph or heading, without markup. */
function blocksOf(body: string): string[] {
  return new MarkdownIt()
    .render(body)
    .replace(/<\/?(?:a|code|em|s|strong)\b[^>]*>/gu, '')
    .replaceAll('&quot;', '"')
    .split(/<[^>]*>/u)
    .map((block) => block.trim())
    .filter(Boolean);
}

interface ReadFile {
  name: string;
  data: unknown;
  blocks: string[];
}

/** Reads the content files that match a glob pattern. In `data`, all values are strings, also numbers and dates. */
function read(pattern: string): ReadFile[] {
  return globSync(pattern, { cwd: ROOT }).map((path) => {
    const content = readFileSync(join(ROOT, path), 'utf8');
    const [, front, body] = path.endsWith('.md') ? content.split(/^---\n/mu, 3) : ['', content, ''];
    return {
      name: basename(path).replace(/\.\w+$/u, ''),
      data: parse(front ?? '', { schema: 'failsafe' }),
      blocks: blocksOf(body ?? ''),
    };
  });
}

/** Returns every entry of the sample content that a search must find: all except withdrawn wishes. */
export function sampleEntries(): Written[] {
  const units = new Map(read('units/*.yml').map(({ name, data }) => [name, unitFile.parse(data).name]));
  const nameOf = (code: string): string => units.get(code) ?? code;
  const stories = read('stories/*/*/index.md').map(({ data, blocks }): Written => {
    const { id, title, date, place, unit, coOrganisers, summary, photos: shown } = storyFile.parse(data);
    const captions = shown.map(({ caption }) => caption);
    const parts = [title, place, summary, ...[unit, ...coOrganisers].map(nameOf), ...captions, ...blocks];
    return { url: `/stories/${id}/`, date, title, parts };
  });
  const examples = read('examples/*/*/index.md').map(({ data, blocks }): Written => {
    const { id, name, honours, unit, summary, quote, photos: shown } = exampleFile.parse(data);
    const captions = shown.map(({ caption }) => caption);
    const date = id.replace(/^(\d{4})(\d\d)(\d\d).*/u, '$1-$2-$3');
    const parts = [name, quote, nameOf(unit), summary, ...honours, ...captions, ...blocks];
    return { url: `/examples/${id}/`, date, title: name, parts };
  });
  const wishes = read('wishes/*.yml').flatMap(({ data }): Written[] => {
    const { id, group, alias, wish, unit, updated, claimedBy, state } = wishFile.parse(data);
    if (state === 'withdrawn') return [];
    return [
      { url: `/wishes/#${id}`, date: updated, title: wish, parts: [group, alias, wish, nameOf(unit), claimedBy] },
    ];
  });
  return [...stories, ...examples, ...wishes, ...summaries(nameOf), ...notices()];
}

function summaries(nameOf: (code: string) => string): Written[] {
  return read('summaries/*/*/index.md').map(({ data, blocks }) => {
    const { unit, year } = summaryFile.parse(data);
    const title = `${nameOf(unit)} ${year}年度总结`;
    return { url: `/summaries/${year}/${unit}/`, date: `${year}-12-31`, title, parts: [title, ...blocks] };
  });
}

function notices(): Written[] {
  return read('notices/*.md').map(({ name, data, blocks }) => {
    const { title, number, issuer, signed } = noticeFile.parse(data);
    return { url: `/notices/${name}/`, date: signed, title, parts: [title, number, issuer, ...blocks] };
  });
}
