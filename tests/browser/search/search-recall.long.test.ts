// A search in made-up text, in a real browser, finds every entry that contains a phrase, and no other entries.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { createServer } from '../../../src/desk/server.ts';
import { endIndexing } from '../../../src/search/index/indexing.ts';
import { readIndexManifest } from '../../../src/search/shared/index-manifest.ts';
import {
  ACTIVITIES,
  exampleData,
  FixtureContent,
  markdown,
  noticeData,
  photoData,
  summaryData,
  wishData,
  writeExample,
  writeGround,
  writeStory,
} from '../../fixtures/content.ts';
import { SiteFolder } from '../../fixtures/desk/publishing.ts';
import { Random } from '../../fixtures/random.ts';
import { SyntheticText } from '../../fixtures/search/synthetic-text.ts';
import { seedOf } from '../../run-size.ts';
import { inTraditional, WrittenSite, type Written } from '../driving/written.ts';
import { test } from '../driving/reader.ts';

const STORIES = 60;
/**
 * Number of stories that are published only after all other stories were indexed. At that time, three of the other
 * stories are also changed.
 */
const LATER = 5;

const random = new Random(seedOf('recall', 20210319));
const text = new SyntheticText(random);
const content = new FixtureContent();
const folder = new SiteFolder();
const site = new WrittenSite(random);

let browser: Browser;
let origin = '';
let close: () => Promise<void> = async () => undefined;

function day(): string {
  const two = (from: number, to: number): string => String(random.between(from, to)).padStart(2, '0');
  return `${random.between(2018, 2023)}-${two(1, 12)}-${two(1, 28)}`;
}

/** Writes a story of made-up text. `number` determines its id; if the story exists, it is replaced. */
function story(number: number): void {
  const date = day();
  const id = `20240101-${String(number).padStart(6, '0')}aa`;
  const title = text.clause(random.between(6, 16)).slice(0, 40);
  const place = text.clause(6).slice(0, 40);
  const summary = text.passage(30).slice(0, 110);
  const captions = [text.clause(12).slice(0, 60), text.clause(12).slice(0, 60)];
  const paragraphs = Array.from({ length: random.between(2, 5) }, () => text.passage(random.between(60, 240)));
  const [first = ''] = paragraphs;
  // Emphasises some characters: phrases across the emphasis must be found too. Only characters between Han characters,
  // where Markdown recognises asterisks as emphasis.
  const emphasised = first.replace(/(?<=\p{Script=Han})\p{Script=Han}{2,4}(?=\p{Script=Han})/u, '**$&**');
  writeStory(
    content,
    id,
    'jiefang',
    {
      title,
      date,
      place,
      summary,
      activity: random.pick(ACTIVITIES),
      photos: captions.map((caption, at) => ({ ...photoData(at === 0 ? 'a.jpg' : 'b.jpg'), caption })),
    },
    [emphasised, ...paragraphs.slice(1)].join('\n\n'),
  );
  const url = `/stories/${id}/`;
  site.set({ url, date, title, parts: [title, place, summary, ...captions, ...paragraphs, 'jiefang总工会'] });
}

/** Writes one entry of each kind other than stories. */
function others(): void {
  const [example, wish, summary, notice] = Array.from({ length: 4 }, () => text.passage(80));
  const id = '20230101-000000aa';
  const named = text.clause(8);
  writeExample(content, id, 'wenxian');
  content.write(`examples/wenxian/${id}/index.md`, markdown(exampleData(id, 'wenxian', { name: named }), example));
  site.set({
    url: `/examples/${id}/`,
    date: '2023-01-01',
    title: named,
    parts: [named, example ?? '', 'wenxian总工会', '一句话', '示例荣誉'],
  });
  const wished = (wish ?? '').slice(0, 50);
  content.write(`wishes/${id}.yml`, JSON.stringify(wishData(id, 'wenxian', { wish: wished, updated: '2022-02-02' })));
  site.set({
    url: `/wishes/#${id}`,
    date: '2022-02-02',
    title: wished,
    parts: [wished, 'wenxian总工会'],
  });
  content.write('summaries/wenxian/2021/index.md', markdown(summaryData('wenxian', 2021), summary));
  const year = {
    url: '/summaries/2021/wenxian/',
    date: '2021-12-31',
    title: 'wenxian总工会 2021年度总结',
    parts: ['wenxian总工会 2021年度总结', summary ?? ''],
  };
  site.set(year);
  const titled = text.clause(10);
  content.write('notices/2020-1.md', markdown(noticeData({ title: titled, signed: '2020-03-03' }), notice));
  site.set({
    url: '/notices/2020-1/',
    date: '2020-03-03',
    title: titled,
    parts: [titled, notice ?? '', '示例〔2020〕1号', '2020年3月3日', '2020年2月18日'],
  });
}

test.beforeAll(async ({ browser: running }) => {
  browser = running;
  writeGround(content);
  for (let number = 0; number < STORIES; number += 1) story(number);
  others();
  const publisher = await folder.open(content);
  const { faults } = await publisher.publish();
  expect(faults).toEqual([]);
  await publisher.index({ fold: true });
  // Later stories and versions must be found together with the indexed ones, and replaced versions must not be found.
  for (let number = STORIES - 3; number < STORIES + LATER; number += 1) story(number);
  expect((await publisher.publish()).faults).toEqual([]);
  await publisher.index({ fold: false });
  await publisher.close();
  await endIndexing();
  const server = await createServer({ site: folder.output });
  origin = await server.listen({ host: '127.0.0.1', port: 0 });
  close = async () => server.close();
}, 300_000);

test.afterAll(async () => {
  await browser?.close();
  await close();
  folder.dispose();
  content.dispose();
});

const some = (count: number, make: (entry: Written) => string): (() => string[]) => {
  return () => Array.from({ length: count }, () => make(site.any()));
};

async function searchPage(): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN' });
  const page = await context.newPage();
  await page.goto(`${origin}/search/`);
  return page;
}

describe('every entry in which it stands is found, nothing else, and in order', () => {
  test.each<[string, () => string[], (phrase: string) => string]>([
    ['2 characters', some(60, (entry) => site.stretch(2, entry)), (phrase) => phrase],
    ['3 characters', some(60, (entry) => site.stretch(3, entry)), (phrase) => phrase],
    ['4 characters', some(60, (entry) => site.stretch(4, entry)), (phrase) => phrase],
    ['6 characters', some(40, (entry) => site.stretch(6, entry)), (phrase) => phrase],
    [
      'of a title',
      some(30, (entry) => site.stretch(3, entry, [entry.title === '' ? (entry.parts[0] ?? '') : entry.title])),
      (phrase) => phrase,
    ],
    [
      'two usual words, joined',
      () => Array.from({ length: 20 }, () => text.word() + text.word()).filter((joined) => joined.length > 1),
      (phrase) => phrase,
    ],
    [
      'numbers and Latin words',
      () => ['7.20', '2021', '37', '120', 'ktv', 'wifi', '5g', '3', '20', '7', '8', '46'],
      (phrase) => phrase,
    ],
    [
      'full width',
      () => ['2021', '37', 'ktv', '5g'],
      (phrase) => Array.from(phrase, (one) => String.fromCodePoint((one.codePointAt(0) ?? 0) + 0xfee0)).join(''),
    ],
    ['capitals', () => ['ktv', 'wifi'], (phrase) => phrase.toUpperCase()],
    ['traditional', some(30, (entry) => site.stretch(4, entry)), inTraditional],
    ['in marks', some(10, (entry) => site.stretch(3, entry)), (phrase) => `《${phrase}》。`],
    ['what is nowhere', () => ['龘龘', '龘靐齉', 'qwertz', '99999'], (phrase) => phrase],
  ])('%s', async (_what, phrases, typed) => {
    const page = await searchPage();
    const wrong = await site.mistakes(page, phrases(), typed);
    await page.context().close();
    expect(wrong).toEqual([]);
  });
});

test('Pagefind by itself finds less, and finds what is not there: the questions above are no easy ones', async () => {
  const page = await searchPage();
  const phrases = some(60, (entry) => site.stretch(4, entry))();
  const { shards } = readIndexManifest(JSON.parse(readFileSync(join(folder.output, 'pagefind/tiers.json'), 'utf8')));
  // Passed as text: in a function, the test runner would replace `import()` by a function of the runner.
  const found = z.array(z.array(z.string())).parse(
    await page.evaluate(`import('/pagefind/${shards[0]}/pagefind.js').then(async ({ search }) =>
      Promise.all(${JSON.stringify(phrases)}.map(async (phrase) => {
        const { results } = await search(phrase);
        return Promise.all(results.map(async (result) => (await result.data()).url));
      })))`),
  );
  const wrong = phrases.filter((phrase, at) => found[at]?.some((url) => !site.holding(phrase).includes(url)));
  expect(wrong.length).toBeGreaterThan(phrases.length / 4);
  await page.context().close();
});
