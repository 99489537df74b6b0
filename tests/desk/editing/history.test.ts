// The history of an entry: people who may access the entry, and only they, can see, compare and restore its versions.
import { beforeEach, expect } from 'vitest';
import { remarked, tinyPhotos, type FrontMatter } from '../../fixtures/content.ts';
import { writtenStory, type DeskClient, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { FIRST, type DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';

let ID: string;
let HISTORY: string;

let site: DeskSite;
let author: DeskClient;
let stranger: DeskClient;
let names: string[];
let stories = 0;

test.beforeAll(async ({ site: opened }) => {
  site = opened;
  author = await site.client({ login: 'zuozhe', name: '赵作者', role: 'author', unit: 'jiefang' });
  stranger = await site.client({ login: 'pangren', name: '钱旁人', role: 'author', unit: 'wenxian' });
});

beforeEach(async () => {
  stories += 1;
  ID = `20210401-0800${String(stories).padStart(2, '0')}aa`;
  HISTORY = `/desk/history/stories/jiefang/${ID}`;
  names = await author.photos(remarked(tinyPhotos.a, ID), remarked(tinyPhotos.b, ID));
});

function story(changes: FrontMatter = {}, body?: string, photos = names): WrittenStory {
  return writtenStory('jiefang', ID, photos, { title: '绿豆汤', ...changes }, body);
}

async function page(client: DeskClient, path: string, status = 200): Promise<string> {
  const response = await client.request(path);
  const text = await response.text();
  expect(response.status, text).toBe(status);
  return text;
}

/** Returns the text of a page's main part without markup. */
function wordsOf(html: string): string {
  return html
    .slice(html.indexOf('<main>'))
    .replaceAll(/<[^>]+>/gu, ' ')
    .replaceAll(/\s+/gu, ' ');
}

/** Returns the commit ids of the versions that a history page lists, newest first. */
function versionsIn(html: string): string[] {
  return Array.from(html.matchAll(/\?version=([0-9a-f]{40})/gu), ([, id = '']) => id);
}

async function published(changes: FrontMatter = {}, body?: string): Promise<void> {
  expect((await author.save(story(changes, body))).status).toBe(200);
  expect((await author.move(story(), 'pending_review')).status).toBe(200);
  expect((await site.desk.move(story(), 'pending_publish')).status).toBe(200);
  expect((await site.desk.publish(story())).status).toBe(200);
}

test('Every version and decision of a story is listed, newest first, with person, time and reason', async () => {
  await author.save(story({ title: '第一稿' }));
  await author.move(story(), 'pending_review');
  await site.desk.move(story(), 'draft', '标题太短');
  await published({ title: '改好的标题' });
  const slug = `jiefang/${ID}/index`;
  await site.desk.call('withdrawEntry', { collection: 'stories', slug, reason: '当事人不愿意' });
  await author.save(story({ title: '再改一次' }));

  const html = await page(author, HISTORY);
  expect(versionsIn(html)).toHaveLength(5);
  const actions = Array.from(html.matchAll(/<strong>(.*?)<\/strong>/gu), ([, action]) => action);
  expect(actions).toEqual(['保存草稿', '撤稿', '发布', '审核通过', '送审', '保存草稿', '退回', '送审', '保存草稿']);
  expect(wordsOf(html)).toMatch(/\d{4}年\d+月\d+日 \d\d:\d\d 王编辑 退回 理由：标题太短/u);
  // The path works with Decap's slug too, which ends in /index: the start page links to it.
  expect(await page(author, `${HISTORY}/index`)).toBe(html);
});

test('Two versions are compared by field, with removed and added text marked and unchanged fields left out', async () => {
  await author.save(story({ title: '绿豆汤送到工地' }, '老李推着车进了大门。\n\n天很热。'));
  const [third = ''] = await author.photos(remarked(tinyPhotos.a, `another ${ID}`));
  const [, second = ''] = names;
  const changed = story({ title: '酸梅汤送到工地', volunteers: 12 }, '老李推着车进了大门。\n\n天很冷。');
  // Another file with the words of the second photo.
  await author.save({ ...changed, raw: changed.raw.replace(`src: ${second}`, `src: ${third}`) });
  const [after = '', before = ''] = versionsIn(await page(author, HISTORY));
  const html = await page(author, `${HISTORY}?from=${before}&to=${after}`);
  const headings = Array.from(html.matchAll(/<h2>(.*?)<\/h2>/gu), ([, text]) => text);
  expect(headings).toEqual(['各栏目', '正文', '恢复']);
  const rows = Array.from(html.matchAll(/<th scope="row">(.*?) ?</gu), ([, text]) => text);
  expect(rows).toEqual(['标题', '参加人次', '第 2 张照片']);
  expect(html).toContain('换了一张');
  const seen = html.replaceAll(/<span class="spoken">.*?<\/span>/gu, '');
  expect(seen).toMatch(
    /<td data-label="旧"><span class="kept-space"><del>绿豆汤<\/del>送到工地<\/span><\/td> <td data-label="新"><span class="kept-space"><ins>酸梅汤<\/ins>送到工地/u,
  );
  expect(seen).toMatch(
    /<td data-label="旧"><span class="quiet">（空）<\/span><\/td> <td[^>]*><span[^>]*><ins>12<\/ins>/u,
  );
  expect(seen).toContain('<p>老李推着车进了大门。</p><p>天很<del>热</del><ins>冷</ins>。</p>');
  // The author can load the photos of both versions.
  const addresses = Array.from(html.matchAll(/src="(\/desk\/version-photo\/[^"]+)"/gu), ([, address = '']) => address);
  expect(addresses).toHaveLength(2);
  for (const address of addresses) {
    const response = await author.request(address);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect((await stranger.request(address)).status).toBe(403);
  }
});

test('A published version is restored as a draft with its photos, and is not published by that', async () => {
  await published({ title: '从前的标题' }, '从前的正文。');
  const later = await author.photos(remarked(tinyPhotos.a, `x ${ID}`), remarked(tinyPhotos.b, `y ${ID}`));
  const changed = story({ title: '后来的标题' }, '后来的正文。', later);
  expect((await author.save(changed)).status).toBe(200);
  await author.move(changed, 'pending_review');
  await site.desk.move(changed, 'pending_publish');
  expect((await site.desk.publish(changed)).status).toBe(200);
  const before = await author.published(changed);

  const versions = versionsIn(await page(author, HISTORY));
  const response = await author.form(HISTORY, { version: versions.at(-1) ?? '' });
  expect(response.status).toBe(303);
  expect(wordsOf(await page(author, response.headers.get('location') ?? ''))).toContain('还没有发布');
  const draft = await author.draft(changed);
  expect(draft).toContain('从前的标题');
  // Fields that only the desk writes keep their published values.
  expect(draft).toMatch(/^published: /mu);
  expect(draft).toMatch(/^edits:/mu);
  expect(await author.published(changed)).toBe(before);
  const beside = site.git('ls-tree', '--name-only', `cms/stories/jiefang/${ID}`, `stories/jiefang/${ID}/`);
  for (const name of names) expect(beside).toContain(name);
  for (const name of later) expect(beside).not.toContain(name);
  expect(await page(site.desk, '/desk/audit')).toContain('恢复旧版本');
});

test('A draft by others or in review is replaced only after confirmation, and stays in the history', async () => {
  await author.save(story({ title: '第一稿' }));
  await author.save(story({ title: '第二稿' }));
  await author.move(story(), 'pending_review');
  const versions = versionsIn(await page(author, HISTORY));
  const asked = await author.form(HISTORY, { version: versions[1] ?? '' });
  expect(asked.status).toBe(409);
  const question = await asked.text();
  expect(wordsOf(question)).toMatch(/还没有恢复：这一篇有一份“待审”的稿件/u);
  expect(await author.draft(story())).toContain('第二稿');
  const sure = /name="sure" value="([0-9a-f]{40})"/u.exec(question)?.[1] ?? '';

  // A confirmation is valid only for the version that it was made for.
  await author.save(story({ title: '第三稿' }));
  await author.move(story(), 'pending_review');
  expect((await author.form(HISTORY, { version: versions[1] ?? '', sure })).status).toBe(409);
  const again = await (await author.form(HISTORY, { version: versions[1] ?? '' })).text();
  const now = /name="sure" value="([0-9a-f]{40})"/u.exec(again)?.[1] ?? '';
  expect((await author.form(HISTORY, { version: versions[1] ?? '', sure: now })).status).toBe(303);
  expect(await author.draft(story())).toContain('第一稿');
  expect(versionsIn(await page(author, HISTORY))).toHaveLength(4);
  const { body } = await author.call('unpublishedEntry', { collection: 'stories', slug: `jiefang/${ID}/index` });
  expect(body).toMatchObject({ status: 'draft' });

  const same = await author.form(HISTORY, { version: versions[1] ?? '' });
  expect(same.status).toBe(409);
  expect(wordsOf(await same.text())).toContain('用不着恢复');
});

test('An exemption, which an author may not give, is not restored by an author', async () => {
  const exempt = (reason?: string): WrittenStory => {
    const photos = names.map((src, number) => ({
      src,
      alt: '一张示例照片',
      caption: '示例活动现场的一张照片，天气很好',
      credit: '示例',
      consent: 'public',
      ...(reason !== undefined && number === 0 ? { exemption: { reason } } : {}),
    }));
    return story({ photos });
  };
  expect((await site.desk.save(exempt('当时只有这一张'))).status).toBe(200);
  expect((await site.desk.save(exempt())).status).toBe(200);
  const versions = versionsIn(await page(author, HISTORY));
  const text = await page(author, `${HISTORY}?version=${versions[1]}`);
  expect(text).toContain('当时只有这一张');
  expect((await author.save(story({ title: '作者又改了' }))).status).toBe(200);
  const asked = await (await author.form(HISTORY, { version: versions[1] ?? '' })).text();
  const sure = /name="sure" value="([0-9a-f]{40})"/u.exec(asked)?.[1] ?? '';
  expect((await author.form(HISTORY, { version: versions[1] ?? '', sure })).status).toBe(303);
  expect(await author.draft(story())).toContain('绿豆汤');
  expect(await author.draft(story())).not.toContain('exemption');
});

test('Deleted drafts and entries can be seen and restored by reviewers only, including photos', async () => {
  await author.save(story({ title: '被扔掉的稿子' }));
  const slug = `jiefang/${ID}/index`;
  expect((await author.call('deleteUnpublishedEntry', { collection: 'stories', slug })).status).toBe(200);
  await page(author, HISTORY, 404);
  // The start page of a reviewer links to the list of deleted drafts, and that list links to the history.
  expect(await page(site.desk, '/desk/')).toContain('href="/desk/deleted"');
  expect(await page(author, '/desk/')).not.toContain('href="/desk/deleted"');
  const link = `<a href="${HISTORY}/index">被扔掉的稿子</a>`;
  expect(await page(site.desk, '/desk/deleted')).toContain(link);
  const html = await page(site.desk, HISTORY);
  expect(wordsOf(html)).toMatch(/删除草稿/u);
  const [thrown = ''] = versionsIn(html);
  expect((await author.form(HISTORY, { version: thrown })).status).toBe(404);
  expect((await site.desk.form(HISTORY, { version: thrown })).status).toBe(303);
  expect(await author.draft(story())).toContain('被扔掉的稿子');
  expect(await page(site.desk, '/desk/deleted')).not.toContain(link);
  const beside = site.git('ls-tree', '--name-only', `cms/stories/jiefang/${ID}`, `stories/jiefang/${ID}/`);
  for (const name of names) expect(beside).toContain(name);

  // Versions are ordered by commit time, which git stores in seconds, so the test waits for the next second.
  const second = () => Math.floor(Date.now() / 1000);
  const thrownAt = second();
  await expect.poll(second).toBeGreaterThan(thrownAt);
  const draft = story({ title: '发布又删除的稿子' });
  await published({ title: '发布又删除的稿子' });
  const paths = [`stories/jiefang/${ID}/index.md`];
  expect((await site.desk.call('deleteFiles', { paths })).status).toBe(200);
  await page(author, HISTORY, 404);
  const deleted = await page(site.desk, HISTORY);
  expect(wordsOf(deleted)).toContain('删除已发布的内容');
  expect((await site.desk.form(HISTORY, { version: versionsIn(deleted)[0] ?? '' })).status).toBe(303);
  expect(await author.draft(draft)).toContain('发布又删除的稿子');
});

test('Only versions of the entry itself are shown, whatever id is requested', async () => {
  await author.save(story());
  const other = `/desk/history/stories/jiefang/${FIRST}`;
  const [own = ''] = versionsIn(await page(author, HISTORY));
  const [foreign = ''] = versionsIn(await page(author, other));
  const head = site.git('rev-parse', 'main');
  const blob = site.git('rev-parse', `main:site.yml`);
  const tree = site.git('rev-parse', 'main^{tree}');
  for (const id of [foreign, head, blob, tree, '0'.repeat(40)]) {
    await page(author, `${HISTORY}?version=${id}`, 404);
    await page(author, `${HISTORY}?from=${id}&to=${own}`, 404);
    await page(author, `/desk/version-photo/${id}/stories/jiefang/${ID}/${names[0]}`, 404);
    expect((await author.form(HISTORY, { version: id })).status).toBe(404);
  }
  const notIds = ['main', 'HEAD', '--all', '--output=/tmp/x', `${own}^`, `${own}:site.yml`, own.slice(0, 12), '../x'];
  for (const id of notIds) {
    const written = encodeURIComponent(id);
    await page(author, `${HISTORY}?version=${written}`, 422);
    await page(author, `/desk/version-photo/${written}/stories/jiefang/${ID}/${names[0]}`, 422);
    expect((await author.form(HISTORY, { version: id })).status).toBe(422);
  }
  await page(author, `${HISTORY}?version=${own}&version=${own}`, 422);
  for (const src of ['index.md', '%00', 'nothing.jpg']) {
    await page(author, `/desk/version-photo/${own}/stories/jiefang/${ID}/${src}`, 404);
  }
  await page(author, `/desk/version-photo/${own}/stories/jiefang/${ID}/..%2F..%2Fsite.yml`, 422);
  const places = ['--all/x', 'stories/--all', 'stories/..%2F..', 'nowhere/x', 'stories', `stories/jiefang/${ID}.lock`];
  for (const path of places) await page(author, `/desk/history/${path}`, 422);
  await page(author, `/desk/history/stories/jiefang/20990101-000000zz`, 404);
});

test('Authors of other units and people who are not signed in can see and restore nothing', async () => {
  await author.save(story());
  await author.save(story({ title: '第二稿' }));
  const [, old = ''] = versionsIn(await page(author, HISTORY));
  await page(stranger, HISTORY, 403);
  await page(stranger, `${HISTORY}?version=${old}`, 403);
  expect((await stranger.form(HISTORY, { version: old })).status).toBe(403);
  await page(author, '/desk/history/site/site', 403);
  await page(site.desk, '/desk/history/site/site');
  expect((await fetch(site.desk.origin + HISTORY, { redirect: 'manual' })).status).toBe(303);
  const elsewhere = await author.request(HISTORY, {
    method: 'POST',
    headers: { origin: 'https://example.com' },
    body: new URLSearchParams({ version: old }),
  });
  expect(elsewhere.status).toBe(403);
  expect(await author.draft(story())).toContain('第二稿');
});

test('Markup in a text is shown as it was typed', async () => {
  const typed = '<script>alert(1)</script> <img src=x onerror=alert(1)>';
  await author.save(story({ title: '第一稿' }));
  await author.save(story({ title: typed }, typed));
  const [after = '', before = ''] = versionsIn(await page(author, HISTORY));
  for (const query of ['', `?version=${after}`, `?from=${before}&to=${after}`]) {
    const html = await page(author, HISTORY + query);
    expect(html).not.toMatch(/<script>|<img src=x/u);
    expect(html).toContain('&lt;');
  }
});

test('A version that cannot be parsed is compared as a whole text', async () => {
  const path = `stories/jiefang/${FIRST}/index.md`;
  site.commitToMain(path, '---\ntitle: [坏了\n---\n\n正文还在。\n');
  const address = `/desk/history/stories/jiefang/${FIRST}`;
  const [after = '', before = ''] = versionsIn(await page(author, address));
  const html = await page(author, `${address}?from=${before}&to=${after}`);
  expect(html).toContain('<h2>全文</h2>');
  expect(html).toContain('[坏了');
  // The version with valid front matter can be restored.
  expect((await author.form(address, { version: before })).status).toBe(303);
});
