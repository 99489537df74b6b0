// 标题也撤下: the page that remains says only that the story was withdrawn; nothing else names it.
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type FixtureContent,
  summaryData,
  markdown,
  wishData,
  writeExample,
  writeStory,
} from '../../fixtures/content.ts';
import { stringify } from 'yaml';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { tracesBelow } from '../../fixtures/traces.ts';

const ID = '20210401-080000aa';
const EXAMPLE = '20210101-000000ex';
const WORDS = ['qzxtitle', '獬豸夔龙', 'qzxsummary', 'qzxauthor', 'qzxreason'];

function writeEntries(content: FixtureContent): void {
  const facts = { title: 'qzxtitle 獬豸夔龙', summary: 'qzxsummary', author: 'qzxauthor', published: '2021-04-02' };
  writeStory(content, ID, 'jiefang', { ...facts, date: '2021-04-01', examples: [EXAMPLE] });
  writeStory(content, '20210403-080000aa', 'jiefang', { date: '2021-04-03' });
  writeExample(content, EXAMPLE, 'wenxian', { name: '留下的典型' });
  content.write(
    'wishes/20210404-080000aa.yml',
    stringify(wishData('20210404-080000aa', 'jiefang', { state: 'done', story: ID })),
  );
  content.write('summaries/jiefang/2021/index.md', markdown(summaryData('jiefang', 2021)));
}

let site: DeskSite;

beforeEach(async () => {
  site = await DeskSite.open(writeEntries);
});

afterEach(async () => {
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

async function withdraw(hideTitle?: boolean): Promise<number> {
  const asked = { collection: 'stories', slug: `jiefang/${ID}/index`, reason: 'qzxreason 当事人要求' };
  return (await site.desk.call('withdrawEntry', { ...asked, ...(hideTitle === undefined ? {} : { hideTitle }) }))
    .status;
}

async function finish(): Promise<void> {
  await site.publisher.index({ fold: true });
  for (const encoding of ['gzip', 'br'] as const) await site.publisher.compressPages(encoding);
  await site.publisher.drawPosters({ workers: 1 });
}

test('No file under the site folder has a word of the story; its page says only that it was withdrawn', async () => {
  await finish();
  const sought = { words: WORDS, hashes: new Set<string>() };
  expect(tracesBelow(site.output, sought).length, 'it was there').toBeGreaterThan(10);
  expect(await withdraw(true)).toBe(200);
  expect(tracesBelow(site.output, sought)).toEqual([]);
  const page = site.page(`stories/${ID}/index.html`);
  expect(page).toMatch(/<title>稿件已撤下 · /u);
  expect(page).toContain('<meta name="robots" content="noindex">');
  expect(page).toMatch(/这篇稿件已于[^]*撤下。/u);
  expect(page).not.toMatch(/jiefang总工会|撤稿理由|<img/u);
  await finish();
  expect(tracesBelow(site.output, sought)).toEqual([]);
  // Nothing leads to the page either.
  const links = tracesBelow(site.output, { words: [`/stories/${ID}/`], hashes: new Set() });
  expect(links.filter((one) => !one.startsWith(`stories/${ID}/`))).toEqual([]);
});

test('The title can be withdrawn later, and a story shown again has its title', async () => {
  const sought = { words: WORDS, hashes: new Set<string>() };
  expect(await withdraw()).toBe(200);
  expect(site.page(`stories/${ID}/index.html`)).toMatch(/qzxtitle[^]*qzxreason/u);
  expect(await withdraw(true)).toBe(200);
  expect(tracesBelow(site.output, sought)).toEqual([]);
  const raw = site.fileInMain(`stories/jiefang/${ID}/index.md`).toString();
  expect(
    (await site.desk.saveAndPublish({ unit: 'jiefang', id: ID, raw: raw.replace('正文', '新的正文') })).status,
  ).toBe(200);
  expect(site.page(`stories/${ID}/index.html`)).toContain('qzxtitle');
  expect(site.page(`stories/${ID}/index.html`)).not.toContain('noindex');
});

test('A summary has its page without the name of the unit', async () => {
  expect(site.page('summaries/2021/jiefang/index.html')).toContain('jiefang总工会 2021年度总结');
  const asked = { collection: 'summaries', slug: 'jiefang/2021/index', reason: '数字有误', hideTitle: true };
  expect((await site.desk.call('withdrawEntry', asked)).status).toBe(200);
  const page = site.page('summaries/2021/jiefang/index.html');
  expect(page).toContain('稿件已撤下');
  expect(page).not.toMatch(/总工会 2021|数字有误/u);
});
