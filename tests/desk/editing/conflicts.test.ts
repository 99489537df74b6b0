// Two people edit one entry at once. The second learns who changed what, and the desk keeps, shows and offers both
// texts.
import { beforeEach, expect } from 'vitest';
import { z } from 'zod';
import { remarked, tinyPhotos, type FrontMatter } from '../../fixtures/content.ts';
import { writtenStory, type DeskAnswer, type DeskClient, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { errorOf, expectRefused, type DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';

let site: DeskSite;
let zhao: DeskClient;
let qian: DeskClient;
let stranger: DeskClient;
let ID: string;
let names: string[];
let stories = 0;

test.beforeAll(async ({ site: opened }) => {
  site = opened;
  zhao = await site.client({ login: 'zhao', name: '赵甲', role: 'author', unit: 'jiefang' });
  qian = await site.client({ login: 'qian.yi', name: '钱乙', role: 'author', unit: 'jiefang' });
  stranger = await site.client({ login: 'sun', name: '孙丙', role: 'author', unit: 'wenxian' });
});

beforeEach(async () => {
  stories += 1;
  ID = `20210501-0800${String(stories).padStart(2, '0')}aa`;
  names = await zhao.photos(remarked(tinyPhotos.a, ID), remarked(tinyPhotos.b, ID));
});

function story(changes: FrontMatter = {}, body = '第一稿。', photos = names): WrittenStory {
  return writtenStory('jiefang', ID, photos, { title: '原来的标题', ...changes }, body);
}

const saved = z.object({ ids: z.record(z.string(), z.string()) });
const kept = z.object({ address: z.string() });

function version({ body }: DeskAnswer): string {
  return saved.parse(body).ids[`stories/jiefang/${ID}/index.md`] ?? '';
}

function addressOf({ body }: DeskAnswer): string {
  return kept.parse(body).address;
}

/** Returns the refs under which the desk keeps texts of the story that it refused to save. */
function keptRefs(): string[] {
  const listed = site.git('for-each-ref', '--format=%(refname)', `refs/conflicts/stories/jiefang/${ID}`);
  return listed.split('\n').filter(Boolean);
}

async function page(client: DeskClient, path: string, status = 200): Promise<string> {
  const response = await client.request(path);
  const text = await response.text();
  expect(response.status, text).toBe(status);
  return text;
}

/**
 * Makes a conflict: 赵 saves a first version of the story and then `first`. 钱, whose editor still has the first version,
 * saves `second`. Resolves to the refusal of that save.
 */
async function conflict(first: WrittenStory, second: WrittenStory): Promise<DeskAnswer> {
  const base = version(await zhao.save(story(), null));
  expect((await zhao.save(first, base)).status).toBe(200);
  return qian.save(second, base);
}

function standsIn(html: string): string {
  return /name="stands" value="([0-9a-f]*)"/u.exec(html)?.[1] ?? '';
}

/** Returns the keys of the fields that the page of a conflict offers, and of those that are preselected. */
function fieldsIn(html: string): { offered: string[]; chosen: string[] } {
  const boxes = Array.from(html.matchAll(/<input type="checkbox"[^>]*>/gu), ([box]) => box);
  const key = (box: string): string => /value="(\w+)"/u.exec(box)?.[1] ?? '';
  return { offered: boxes.map(key), chosen: boxes.filter((box) => box.includes('checked')).map(key) };
}

async function take(client: DeskClient, address: string, form: Record<string, string>): Promise<Response> {
  return client.form(address, form);
}

test('A save that comes too late is refused with who changed what and when, and both texts are kept', async () => {
  const second = story({ summary: '乙改的摘要' }, '乙写的一大段。');
  const answer = await conflict(story({ title: '甲的标题' }, '甲写的正文。'), second);
  expectRefused(answer, 409, /^赵甲在 \d+\/\d+ \d\d:\d\d 改过这一篇（改了标题、正文），您这次没有保存/u);
  expect(await zhao.draft(second)).toContain('甲的标题');
  const [ref = ''] = keptRefs();
  expect(ref).toMatch(/\/\d{13}-qian-yi$/u);
  expect(site.git('show', `${ref}:stories/jiefang/${ID}/index.md`)).toBe(second.raw.trim());

  const html = await page(qian, addressOf(answer));
  expect(fieldsIn(html)).toEqual({ offered: ['title', 'summary', 'body'], chosen: ['summary'] });
  expect(html).toMatch(/两边都改过/u);
  expect(html).toMatch(/只有钱乙改过/u);
  const seen = html.replaceAll(/<span class="spoken">.*?<\/span>/gu, '');
  expect(seen).toMatch(/<del>[^<]*甲/u);
  expect(seen).toMatch(/<ins>[^<]*乙/u);
});

test('A text sent again is kept once, five texts per person have a page, and none is lost', async () => {
  const base = version(await zhao.save(story(), null));
  await zhao.save(story({ title: '甲的标题' }), base);
  const addresses = new Set<string>();
  for (let time = 0; time < 3; time += 1) addresses.add(addressOf(await qian.save(story({ title: '乙' }), base)));
  expect(addresses.size).toBe(1);
  const commits = [site.git('rev-parse', keptRefs()[0] ?? '')];
  for (let time = 1; time <= 6; time += 1) {
    const { status } = await qian.save(story({ title: `乙的标题之${time}` }), base);
    expect(status).toBe(409);
    commits.push(...keptRefs().map((ref) => site.git('rev-parse', ref)));
  }
  expect(keptRefs()).toHaveLength(5);
  // The text of another person does not replace a kept one.
  expect((await site.desk.save(story({ title: '审核的标题' }), base)).status).toBe(409);
  expect(keptRefs()).toHaveLength(6);
  const reachable = site.git('rev-list', '--glob=refs/conflicts').split('\n');
  for (const commit of commits) expect(reachable).toContain(commit);
});

test('Single fields can be taken into the draft, which keeps the other editor’s fields, and nothing is published', async () => {
  const first = story({ title: '甲的标题' }, '甲写的正文。');
  const answer = await conflict(first, story({ summary: '乙改的摘要', title: '乙的标题' }, '乙写的正文。'));
  const address = addressOf(answer);
  const stands = standsIn(await page(qian, address));
  const form = new URLSearchParams([
    ['take', 'some'],
    ['stands', stands],
    ['field', 'summary'],
    ['field', 'body'],
  ]);
  const response = await qian.request(address, { method: 'POST', body: form });
  expect(response.status).toBe(303);
  const draft = await qian.draft(first);
  expect(draft).toContain('title: 甲的标题');
  expect(draft).toContain('乙改的摘要');
  expect(draft).toContain('乙写的正文。');
  expect(draft).not.toContain('甲写的正文');
  expect(await qian.published(first)).toBeNull();
  // The next save from the editor works.
  expect((await qian.save(story({ title: '接着写' }))).status).toBe(200);
  // The page still offers a field that was not taken.
  expect(fieldsIn(await page(qian, address)).offered).toContain('title');
});

test('The whole text can be saved on top of the newest version with its photos, and the other stays in the history', async () => {
  const own = await qian.photos(remarked(tinyPhotos.a, `q ${ID}`), remarked(tinyPhotos.b, `q ${ID}`));
  const second = story({ title: '乙的标题' }, '乙写的正文。', own);
  const answer = await conflict(story({ title: '甲的标题' }), second);
  const address = addressOf(answer);
  const html = await page(qian, address);
  const photo = /src="(\/desk\/version-photo\/[^"]+)"/u.exec(html.slice(html.indexOf(own[0] ?? '') - 200))?.[1] ?? '';
  expect((await qian.request(photo)).status).toBe(200);
  expect((await stranger.request(photo)).status).toBe(403);
  expect((await take(qian, address, { take: 'all', stands: standsIn(html) })).status).toBe(303);
  expect(await qian.draft(second)).toBe(second.raw);
  const beside = site.git('ls-tree', '--name-only', `cms/stories/jiefang/${ID}`, `stories/jiefang/${ID}/`);
  for (const name of own) expect(beside).toContain(name);
  const history = await page(zhao, `/desk/history/stories/jiefang/${ID}`);
  expect(history.match(/\?version=/gu)).toHaveLength(3);
});

test('A version saved since the page was shown is not overwritten', async () => {
  const answer = await conflict(story({ title: '甲的标题' }), story({ title: '乙的标题' }));
  const address = addressOf(answer);
  const stands = standsIn(await page(qian, address));
  await zhao.save(story({ title: '甲又改了' }));
  const response = await take(qian, address, { take: 'all', stands });
  expect(response.status).toBe(409);
  expect(await response.text()).toContain('刚刚又有人改过');
  expect(await zhao.draft(story())).toContain('甲又改了');
  expect((await take(qian, address, { take: 'some', stands })).status).toBe(422);
});

test('Of simultaneous saves all are kept: one as the draft, the others beside it', async () => {
  const base = version(await zhao.save(story(), null));
  const clients = [zhao, qian, site.desk];
  const answers = await Promise.all(
    clients.map(async (client, number) => client.save(story({ title: `同时写的标题之${number}` }), base)),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  expect(keptRefs()).toHaveLength(2);
  const texts = keptRefs().map((ref) => site.git('show', `${ref}:stories/jiefang/${ID}/index.md`));
  const all = [...texts, (await zhao.draft(story())) ?? ''].join('\n');
  for (const number of clients.keys()) expect(all).toContain(`同时写的标题之${number}`);
});

test('A late text is kept when the story was deleted meanwhile', async () => {
  const base = version(await zhao.save(story(), null));
  await zhao.call('deleteUnpublishedEntry', { collection: 'stories', slug: `jiefang/${ID}/index` });
  const answer = await qian.save(story({ title: '乙的标题' }), base);
  expectRefused(answer, 409, /草稿在 .* 被删除/u);
  const address = addressOf(answer);
  // The entry has no current text any more, so only the writer of the kept text and reviewers can see it.
  await page(zhao, address, 404);
  await page(site.desk, address);
  const response = await take(qian, address, { take: 'all', stands: standsIn(await page(qian, address)) });
  expect(response.status).toBe(303);
  expect(await qian.draft(story())).toContain('乙的标题');
});

test('A new story whose id is taken is kept as well', async () => {
  await zhao.save(story(), null);
  const answer = await qian.save(story({ title: '乙的新稿' }), null);
  expectRefused(answer, 409, /已经有了，没有保存/u);
  expect(fieldsIn(await page(qian, addressOf(answer))).offered).toEqual(['title']);
});

test('A base version that does not belong to the entry reveals nothing about its object', async () => {
  await zhao.save(story(), null);
  const foreign = site.git('rev-parse', 'main:site.yml');
  for (const baseId of [foreign, 'main', '--all', '0'.repeat(40), '']) {
    const answer = await qian.save(story({ title: '乙的标题' }), baseId);
    expect(answer.status).toBe(409);
    expect(errorOf(answer)).not.toContain('（改了');
    expect(fieldsIn(await page(qian, addressOf(answer)))).toEqual({ offered: ['title'], chosen: [] });
  }
});

test('Other units can neither see nor take a kept text, and its address reaches no other ref', async () => {
  const answer = await conflict(story({ title: '甲的标题' }), story({ title: '乙的标题' }));
  const address = addressOf(answer);
  await page(zhao, address);
  await page(site.desk, address);
  await page(stranger, address, 403);
  expect((await take(stranger, address, { take: 'all', stands: '' })).status).toBe(403);
  const place = `/desk/conflict/stories/jiefang/${ID}`;
  for (const id of ['', 'main', '--all', '../../heads/main', '%00', '1'.repeat(13), `${'1'.repeat(13)}-zhao`]) {
    await page(qian, `${place}?kept=${id}`, 404);
  }
  await page(qian, place, 422);
  const id = address.slice(address.indexOf('=') + 1);
  await page(stranger, `/desk/conflict/stories/wenxian/${ID}?kept=${id}`, 404);
  const elsewhere = await qian.request(address, {
    method: 'POST',
    headers: { origin: 'https://example.com' },
    body: new URLSearchParams({ take: 'all', stands: '' }),
  });
  expect(elsewhere.status).toBe(403);
  expect(await zhao.draft(story())).toContain('甲的标题');
});

test('A key that is no field is never written', async () => {
  const answer = await conflict(story({ title: '甲的标题' }), story({ title: '乙的标题' }));
  const address = addressOf(answer);
  const stands = standsIn(await page(qian, address));
  const form = new URLSearchParams([
    ['take', 'some'],
    ['stands', stands],
    ['field', '__proto__'],
    ['field', 'published'],
  ]);
  await qian.request(address, { method: 'POST', body: form });
  const draft = await qian.draft(story());
  expect(draft).toContain('甲的标题');
  expect(draft).not.toMatch(/published|__proto__/u);
});
