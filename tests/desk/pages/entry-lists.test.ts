// The desk's lists and board over HTTP: what each role sees, every filter, counts that add up, pages, messages, and
// that every listed entry can be opened.
import { stringify } from 'yaml';
import { describe, expect } from 'vitest';
import { wishData, writeExample, writeStory } from '../../fixtures/content.ts';
import { writtenStory, type DeskClient } from '../../fixtures/desk/desk-client.ts';
import { FIRST, type DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';

const OLD = '20200501-080000aa';
const GONE = '20210105-080000aa';
const EXAMPLE = '20210320-080000aa';
/** Numbers of wishes by their years: around the length of a page. */
const WISHES = { 2017: 49, 2018: 50, 2019: 51 };

test.override('writing', () => (content) => {
  writeStory(content, OLD, 'wenxian', { title: '旧闻一则', date: '2020-05-01', activity: 'culture' }, '防汛 Flood。');
  writeStory(content, GONE, 'wenxian', { title: '要撤的一篇', date: '2021-01-05' });
  writeExample(content, EXAMPLE, 'jiefang', { name: '张典型' });
  for (const [year, count] of Object.entries(WISHES)) {
    for (let number = 0; number < count; number += 1) {
      const id = `${year}0101-${String(number).padStart(6, '0')}aa`;
      const data = wishData(id, 'wenxian', { wish: `心愿 ${year} ${number}`, updated: `${year}-01-02` });
      content.write(`wishes/${id}.yml`, stringify(data));
    }
  }
});

type Person = 'author' | 'outsider' | 'reviewer' | 'administrator';

let site: DeskSite;
let people: Readonly<Record<Person, DeskClient>>;

const draftOf = (id: string, unit: string, title: string, body?: string) =>
  writtenStory(unit, id, [], { title, summary: `摘要里的${title}` }, body);

const returned = draftOf('20210401-080000aa', 'jiefang', '退回的一篇');
const sent = draftOf('20210402-080000aa', 'wenxian', '送审的心声');
const odd = draftOf('20210403-080000aa', 'wenxian', '<script>alert(1)</script>“&”', '藏在正文里的暗号。');

test.beforeAll(async ({ site: opened }) => {
  site = opened;
  people = {
    author: await site.client({ login: 'li', name: '李作者', role: 'author', unit: 'jiefang' }),
    outsider: await site.client({ login: 'wang', name: '王作者', role: 'author', unit: 'wenxian' }),
    reviewer: await site.client({ login: 'zhao', name: '赵审核', role: 'reviewer' }),
    administrator: site.desk,
  };
  const { author, outsider, reviewer } = people;
  const [a, b] = [await author.photos(...site.freshPhotos()), await outsider.photos(...site.freshPhotos())];
  const [first, second] = [
    writtenStory('jiefang', returned.id, a, { title: '退回的一篇' }),
    writtenStory('wenxian', sent.id, b, { title: '送审的心声' }),
  ];
  const steps = [
    async () => author.save(first, null),
    async () => author.move(first, 'pending_review'),
    async () => reviewer.move(first, 'draft', '请补照片'),
    async () => outsider.save(second, null),
    async () => outsider.move(second, 'pending_review'),
    async () => outsider.save(odd, null),
    // A draft of a published story: the list shows one of both.
    async () => author.save(draftOf(FIRST, 'jiefang', '改着的一篇')),
    async () =>
      reviewer.call('withdrawEntry', { collection: 'stories', slug: `wenxian/${GONE}/index`, reason: '当事人不同意' }),
  ];
  for (const step of steps) {
    const { status, body } = await step();
    expect(status, JSON.stringify(body)).toBe(200);
  }
});

function textOf(markup: string): string {
  const marks = { lt: '<', gt: '>', quot: '"', amp: '&' };
  return Object.entries(marks)
    .reduce((text, [name, character]) => text.replaceAll(`&${name};`, character), markup.replace(/<[^>]*>/gu, ''))
    .replace(/\s+/gu, ' ')
    .trim();
}

/** A page of the desk as a person sees it. */
class Listed {
  readonly status: number;
  readonly html: string;

  constructor(status: number, html: string) {
    this.status = status;
    this.html = html;
  }

  /** The listed entries: their titles and the addresses of their forms. */
  get entries(): { title: string; address: string }[] {
    return Array.from(this.html.matchAll(/<p class="title"><a href="([^"]+)">(.*?)<\/a>/gu), ([, address, title]) => ({
      address: address ?? '',
      title: textOf(title ?? ''),
    }));
  }

  get titles(): string[] {
    return this.entries.map(({ title }) => title);
  }

  /** The numbers beside the states, by their words. */
  get counts(): Record<string, number> {
    const [, states = ''] = /<nav class="tabs states"[^>]*>(.*?)<\/nav>/u.exec(this.html) ?? [];
    const links = states.matchAll(/<a [^>]*>(\S+) <span class="count">([\d,]+)<\/span>/gu);
    return Object.fromEntries(Array.from(links, ([, word, count]) => [word ?? '', Number(count?.replaceAll(',', ''))]));
  }

  get text(): string {
    return textOf(this.html);
  }
}

async function open(person: Person, path: string): Promise<Listed> {
  const response = await people[person].request(path);
  return new Listed(response.status, await response.text());
}

const stories = (query: Record<string, string> = {}): string => {
  const search = new URLSearchParams(query).toString();
  return `/desk/entries/stories/${search === '' ? '' : `?${search}`}`;
};

const sorted = (titles: readonly string[]): string[] => titles.toSorted();

const ODD = '<script>alert(1)</script>“&”';
const ALL = ['改着的一篇', ODD, '送审的心声', '退回的一篇', '要撤的一篇', '旧闻一则'];

describe('A list', () => {
  test('shows drafts and published entries together, each once, last changed first, and its counts add up', async () => {
    const list = await open('reviewer', stories());
    expect(sorted(list.titles)).toEqual(sorted(ALL));
    // The drafts may be of the same second, so their order is not known.
    expect(list.titles.slice(-2)).toEqual(['要撤的一篇', '旧闻一则']);
    expect(list.counts).toEqual({ 全部: 6, 退回: 1, 草稿: 2, 待审: 1, 已发布: 1, 撤稿: 1 });
    expect(list.text).toContain('赵审核退回：“请补照片” · 撰稿 甲 jiefang');
    expect(list.text).toContain('撤稿理由：“当事人不同意”');
    expect(list.text).toContain('李作者改过 · 网站上还是原来的一版');
    expect(list.text).toContain('王作者送审');
    expect(list.html).not.toContain('<script>alert');
  });

  test.each<[Person, string[]]>([
    ['author', ['改着的一篇', '退回的一篇']],
    ['outsider', [ODD, '送审的心声', '要撤的一篇', '旧闻一则']],
    ['reviewer', ALL],
    ['administrator', ALL],
  ])('shows the %s what he or she may open, and nothing else', async (person, titles) => {
    const list = await open(person, stories());
    expect(sorted(list.titles)).toEqual(sorted(titles));
    for (const { address } of list.entries) {
      const slug = address.split('/entries/')[1] ?? '';
      const { status } = await people[person].call('getEntry', { path: `stories/${slug}.md` });
      expect(status, address).toBe(200);
    }
    // Neither words nor filters find what is not shown.
    for (const query of [{ q: '心声' }, { unit: 'wenxian' }, { state: 'withdrawn' }, { q: '暗号' }]) {
      const found = (await open(person, stories(query))).titles;
      expect(found.filter((title) => !titles.includes(title))).toEqual([]);
    }
  });

  test.each<[Record<string, string>, string[]]>([
    [{ unit: 'wenxian' }, [ODD, '送审的心声', '要撤的一篇', '旧闻一则']],
    [{ activity: 'culture' }, ['旧闻一则']],
    [{ year: '2020' }, ['旧闻一则']],
    [{ state: 'returned' }, ['退回的一篇']],
    [{ state: 'draft' }, ['改着的一篇', ODD]],
    [{ state: 'pending_review' }, ['送审的心声']],
    [{ state: 'pending_publish' }, []],
    [{ state: 'published' }, ['旧闻一则']],
    [{ state: 'withdrawn' }, ['要撤的一篇']],
    [{ q: '心声' }, ['送审的心声']],
    [{ q: '暗号' }, [ODD]],
    [{ q: '摘要里的改着' }, ['改着的一篇']],
    [{ q: 'flood', unit: 'wenxian', year: '2020', activity: 'culture', state: 'published' }, ['旧闻一则']],
    [{ q: 'flood', unit: 'jiefang' }, []],
    // What names nothing restricts nothing.
    [{ unit: 'nowhere', activity: 'nothing', year: '20210', state: 'lost', page: 'x' }, ALL],
    [{ year: '1234' }, []],
    [{ page: '-1' }, ALL],
    [{ page: '1000000000' }, ALL],
  ])('is filtered by %j', async (query, titles) => {
    const list = await open('reviewer', stories(query));
    expect(list.status).toBe(200);
    expect(sorted(list.titles)).toEqual(sorted(titles));
    const { 全部: all = 0, ...states } = list.counts;
    expect(Object.values(states).reduce((sum, one) => sum + one, 0)).toBe(all);
    if (titles.length === 0) expect(list.text).toMatch(/没有符合的活动故事。.*看全部活动故事/u);
  });

  test.each(['%', '_', '"', "'", '*', 'NEAR(', '😀', '\uD83D', '\0', '<q>', '。'.repeat(300)])(
    'is not upset by the words %j',
    async (q) => {
      const list = await open('reviewer', stories({ q }));
      expect(list.status).toBe(200);
      expect(list.titles).toEqual([]);
    },
  );

  test('searches for the beginning of words that are too long, and says so', async () => {
    const list = await open('reviewer', stories({ q: `心声 ${'a'.repeat(10_000)}` }));
    expect(list.status).toBe(200);
    expect(list.text).toContain('要找的文字最多 200 字，只用前面的 200 字找了。');
    expect(list.html.length).toBeLessThan(40_000);
    expect((await open('reviewer', stories({ q: '心声 '.repeat(300) }))).titles).toEqual(['送审的心声']);
  });

  test.each(Object.entries(WISHES))('of %s has %i entries on its pages', async (year, count) => {
    const pages = [];
    for (let page = 1; page <= Math.ceil(count / 50); page += 1) {
      pages.push(await open('reviewer', `/desk/entries/wishes/?year=${year}&page=${page}`));
    }
    const titles = pages.flatMap((page) => page.titles);
    expect(new Set(titles).size).toBe(count);
    expect(titles).toHaveLength(count);
    const [first] = pages;
    expect(first?.counts).toEqual({ 全部: count, 已发布: count });
    expect(first?.html.includes(`?year=${year}&amp;page=2`)).toBe(count > 50);
    expect((await open('reviewer', `/desk/entries/wishes/?year=${year}&page=99`)).titles).toEqual(pages.at(-1)?.titles);
  });

  test('keeps filters in its links and its form, and a new state begins at page 1', async () => {
    const { html } = await open('reviewer', '/desk/entries/wishes/?q=心愿&unit=wenxian&page=2');
    const kept = 'q=%E5%BF%83%E6%84%BF&amp;unit=wenxian';
    expect(html).toContain(`href="/desk/entries/wishes/?${kept}&amp;page=3"`);
    expect(html).toContain(`href="/desk/entries/wishes/?${kept}&amp;state=published"`);
    expect(html).toContain('value="心愿"');
    expect(html).toMatch(/<option value="wenxian" selected>/u);
  });

  test.each<[Person, string, string[], string[]]>([
    ['author', '/desk/entries/stories/', ['新建故事'], ['全部单位', '已删除的草稿', '通知文件', '网站设置']],
    ['reviewer', '/desk/entries/notices/', ['新建通知', '已删除的草稿'], ['单位</a>', '网站设置']],
    ['reviewer', '/desk/entries/activities/', [], ['新建']],
    ['administrator', '/desk/entries/units/', ['网站设置', '新建单位'], []],
  ])('offers the %s on %s what he or she may do', async (person, path, offered, withheld) => {
    const { status, html } = await open(person, path);
    expect(status).toBe(200);
    for (const words of offered) expect(html).toContain(words);
    for (const words of withheld) expect(html).not.toContain(words);
  });

  test('that is empty says what to do', async () => {
    expect((await open('author', '/desk/entries/summaries/')).text).toMatch(
      /本单位还没有年度总结。点“新建.+”写第一篇。/u,
    );
    expect((await open('reviewer', '/desk/entries/summaries/')).text).toContain('还没有年度总结。');
    const { text, html } = await open('reviewer', stories({ q: '没有的词', year: '2021' }));
    expect(text).toContain('换个说法');
    expect(html).toContain('href="/desk/entries/stories/?q=%E6%B2%A1%E6%9C%89%E7%9A%84%E8%AF%8D"');
  });

  test.each([
    ['deleted', '网站上不再有它'],
    ['draft-deleted', '草稿删除了'],
    ['<script>', undefined],
  ])('says what was done: %s', async (done, words) => {
    const { html } = await open('reviewer', stories({ done }));
    expect(html.includes('class="message done"')).toBe(words !== undefined);
    if (words !== undefined) expect(html).toContain(words);
  });
});

test.each<[Person, string, number, string]>([
  ['author', '/desk/entries', 303, '/desk/entries/'],
  ['author', '/desk/entries/', 303, '/desk/entries/stories/'],
  ['author', '/desk/entries/?q=%E6%B1%A4', 303, '/desk/entries/stories/?q=%E6%B1%A4'],
  ['author', '/desk/entries/stories?page=2', 303, '/desk/entries/stories/?page=2'],
  ['administrator', '/desk/entries/site/', 303, '/admin/#/collections/site/entries/site'],
  ['author', '/desk/board', 303, '/desk/board/'],
])('The %s is led from %s with %i to %s', async (person, path, status, to) => {
  const response = await people[person].request(path);
  expect([response.status, response.headers.get('location')]).toEqual([status, to]);
});

test.each<[Person, string, number]>([
  ['author', '/desk/entries/notices/', 403],
  ['author', '/desk/entries/site/', 403],
  ['reviewer', '/desk/entries/units/', 403],
  ['administrator', '/desk/entries/nothing/', 404],
])('The %s gets no list at %s: %i', async (person, path, status) => {
  expect((await open(person, path)).status).toBe(status);
});

describe('The board', () => {
  /** Returns the titles in each column. */
  async function columns(person: Person): Promise<Record<string, string[]>> {
    const { html } = await open(person, '/desk/board/');
    const sections = html.matchAll(/<h2 id="(\w+)">(.*?)<\/section>/gu);
    return Object.fromEntries(
      Array.from(sections, ([, name, section]) => [name ?? '', new Listed(200, section ?? '').titles]),
    );
  }

  test.each<[Person, Record<string, string[]>]>([
    ['author', { drafts: ['退回的一篇', '改着的一篇'], pending_review: [] }],
    ['outsider', { drafts: [ODD], pending_review: ['送审的心声'] }],
    ['reviewer', { drafts: ['退回的一篇', '改着的一篇', ODD], pending_review: ['送审的心声'] }],
  ])('shows the %s the drafts that he or she may see, what was returned first', async (person, expected) => {
    const { drafts = [], ...others } = await columns(person);
    const { drafts: wanted = [], ...rest } = expected;
    expect(sorted(drafts)).toEqual(sorted(wanted));
    expect(drafts[0]).toBe(wanted[0]);
    expect(others).toEqual({ pending_publish: [], published: [], ...rest });
  });

  test('says how long drafts wait, and follows a draft to its publication', async () => {
    const { reviewer } = people;
    expect((await open('reviewer', '/desk/board/')).text).toContain('等了不到 1 小时');
    const story = { unit: 'wenxian', id: sent.id, raw: '' };
    expect((await reviewer.move(story, 'pending_publish')).status).toBe(200);
    expect(await columns('outsider')).toMatchObject({ pending_review: [], pending_publish: ['送审的心声'] });
    expect((await reviewer.publish(story)).status).toBe(200);
    expect(await columns('outsider')).toMatchObject({ pending_publish: [], published: ['送审的心声'] });
    expect(await columns('author')).toMatchObject({ published: [] });
    expect((await open('reviewer', stories({ state: 'published' }))).titles).toEqual(['送审的心声', '旧闻一则']);
  });
});

test('The navigation and the start page lead to the lists, and what was published last to its form', async () => {
  const { html } = await open('reviewer', '/desk/');
  expect(html).toContain('<a href="/desk/entries/">稿件</a>');
  expect(html).toContain('<a href="/desk/board/">审核</a>');
  expect(html).not.toContain('href="/admin/"');
  expect(html).toContain(`<a href="/admin/#/collections/stories/entries/wenxian/${OLD}/index">旧闻一则</a>`);
  expect(html).toContain(`<a href="/stories/${OLD}/">看网页</a>`);
});
