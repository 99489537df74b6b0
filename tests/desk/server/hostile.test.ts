import { describe, expect } from 'vitest';
import { z } from 'zod';
import { parseDocumentFile } from '../../../src/model/document.ts';
import { tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory } from '../../fixtures/desk/desk-client.ts';
import { expectRefused, FIRST, type DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';
import { ask } from '../../fixtures/desk/raw-request.ts';

let site: DeskSite;
let names: string[];
/** Returns all refs with their commits. Hostile requests must not change them. */
const refs = (): string => site.git('for-each-ref', '--format=%(refname) %(objectname)');

const LINK = '20210320-213000ef';
const SECRET = 'stories/jiefang/20210319-213000ef/index.md';

test.beforeAll(async ({ site: opened }) => {
  site = opened;
  names = await site.desk.photos(tinyPhotos.a, tinyPhotos.b);
  site.commitToMain(`stories/jiefang/${LINK}/index.md`, `../${FIRST}/index.md`, '120000');
  site.commitToMain(`stories/jiefang/${FIRST}/link.jpg`, '/etc/passwd', '120000');
  site.commitToMain(`stories/jiefang/${FIRST}/module.jpg`, 'of another repository', '160000');
  site.commitToMain('units/linked.yml', '/etc/passwd', '120000');
});

const ODD_FILES = [
  '../site.yml',
  'stories/../site.yml',
  `stories/jiefang/../../${SECRET}`,
  `/${SECRET}`,
  '/etc/passwd',
  `stories//jiefang/${FIRST}/index.md`,
  `stories\\jiefang\\${FIRST}\\index.md`,
  '.git/config',
  'stories/.git/a/index.md',
  'stories/jiefang/a.lock/index.md',
  'units/a.lock.yml/x',
  'stories/jiefang/a..b/index.md',
  'stories/jiefang/@{/index.md',
  'stories/jiefang/a b/index.md',
  'stories/jiefang/a\nb/index.md',
  'stories/jiefang/a\0b/index.md',
  'stories/jiefang/a~1/index.md',
  'stories/jiefang/-a/index.md',
  'pages/about.mdx',
  'pages/about.md',
  'stories/jiefang/index.md',
  'stories/jiefang/x/deep/index.md',
  'stories/jiefang/x/photo.jpg',
  'main',
  '',
  'x'.repeat(3000),
  '%2e%2e/site.yml',
  'stories/jiefang/%2e%2e%2fsite.yml',
  `stories/jiefang/\uff0e\uff0e/index.md`,
  `stories/jiefang/\u2024\u2024/index.md`,
  `stories\uff0fjiefang\uff0f${FIRST}\uff0findex.md`,
  `stories/jiefang/${FIRST}\u202e/index.md`,
  `stories/jiefang/.git\u200c/index.md`,
  'stories/jiefang/git~1/index.md',
  'C:/stories/jiefang/a/index.md',
  '//server/stories/jiefang/a/index.md',
  'file:///etc/passwd',
  'refs/heads/main',
  'main:site.yml',
];

describe.each(ODD_FILES)('No file exists at %j', (path) => {
  const dataFiles = [{ path, slug: 'x', raw: '---\ntitle: 坏\n---\n', baseId: null }];
  test.each([
    ['getEntry', { path }],
    ['persistEntry', { dataFiles, assets: [], options: { collectionName: 'stories' } }],
    ['deleteFiles', { paths: [path] }],
    ['deleteFile', { path }],
  ])('%s', async (action, params) => {
    const before = refs();
    expectRefused(await site.desk.call(action, params), 422);
    expect(refs()).toBe(before);
  });

  test('preview', async () => {
    const body = JSON.stringify({ path, raw: '---\ntitle: 坏\n---\n' });
    const headers = { 'content-type': 'application/json' };
    const response = await site.desk.request('/api/preview', { method: 'POST', headers, body });
    expectRefused({ status: response.status, body: await response.json() }, 422);
  });
});

const ODD_NAMES: [collection: string, slug: string][] = [
  ['stories', '../../main'],
  ['stories', `../stories/jiefang/${FIRST}`],
  ['stories', 'jiefang/a..b'],
  ['stories', 'jiefang/a@{1}'],
  ['stories', 'jiefang/a b'],
  ['stories', 'jiefang/a\u0007b'],
  ['stories', 'jiefang/x.lock'],
  ['stories', 'jiefang'],
  ['stories', ''],
  ['../stories', `jiefang/${FIRST}`],
  ['pages', 'about'],
  ['constructor', 'x'],
  ['__proto__', 'x'],
  ['units', `../stories/jiefang/${FIRST}`],
];

test.each(ODD_NAMES)('No draft has the name %j %j', async (collection, slug) => {
  const before = refs();
  const more = { newStatus: 'draft', reason: '理由', path: SECRET, id: '' };
  for (const action of [
    'unpublishedEntry',
    'unpublishedEntryDataFile',
    'updateUnpublishedEntryStatus',
    'publishUnpublishedEntry',
    'deleteUnpublishedEntry',
    'withdrawEntry',
  ]) {
    expectRefused(await site.desk.call(action, { ...more, collection, slug }), 422);
  }
  expectRefused(await site.desk.call('unpublishedEntry', { id: `${collection}/${slug}` }), 422);
  expect(refs()).toBe(before);
});

test.each(['..%2fstories', 'Stories', '.git', '-r', '__proto__', 'constructor', 'a'.repeat(300)])(
  'There is no list called %j',
  async (name) => {
    expect((await site.desk.request(`/desk/entries/${name}/`)).status).toBe(404);
  },
);

test('The file of another entry cannot be read as a draft’s', async () => {
  await site.desk.save(writtenStory('jiefang', '20210401-000000aa', names), null);
  const asked = { collection: 'stories', slug: 'jiefang/20210401-000000aa/index', id: '' };
  for (const path of ['site.yml', SECRET]) {
    expectRefused(await site.desk.call('unpublishedEntryDataFile', { ...asked, path }), 422);
  }
});

test.each(['../a.jpg', '/etc/passwd', '..', '.git', 'index.md', 'x.md', 'x.lock', 'a\\b.jpg'])(
  'No photo has the name %j',
  async (src) => {
    const story = writtenStory('jiefang', '20210402-000000aa', [src]);
    const before = refs();
    const { status } = await site.desk.save(story, null);
    // A name that contains a slash is not a photo name. The desk saves the text and reports the fault at review.
    if (status === 200) {
      expectRefused(await site.desk.move(story, 'pending_review'), 422);
      expect(
        site.files('refs/heads/cms/stories/jiefang/20210402-000000aa', 'stories/jiefang/20210402-000000aa'),
      ).toEqual(['index.md']);
      await site.desk.call('deleteUnpublishedEntry', { collection: 'stories', slug: 'jiefang/20210402-000000aa' });
    } else {
      expect(status).toBe(422);
      expect(refs()).toBe(before);
    }
  },
);

let messages = 0;

test('A symbolic link or submodule in the repository counts as absent', async () => {
  expect(await (await site.desk.request('/desk/entries/stories/')).text()).not.toContain(LINK);
  const linked = { unit: 'jiefang', id: LINK, raw: '' };
  expect(await site.desk.published(linked)).toBeNull();
  expect((await site.desk.call('getEntry', { path: 'units/linked.yml' })).body).toMatchObject({ data: null });
  expect((await site.desk.request(`/admin/preview/stories/jiefang/${LINK}/`)).status).toBe(404);
  for (const name of ['link.jpg', 'module.jpg']) {
    const photo = await site.desk.request(`/api/photos/stories/jiefang/${FIRST}/${name}`);
    expectRefused({ status: photo.status, body: await photo.json() }, 404);
    expectRefused(await site.desk.save(writtenStory('jiefang', FIRST, [name])), 422, /没有传上来/u);
  }
  // Saving replaces the symbolic link by a file. It does not write to the link's target.
  expect((await site.desk.save(writtenStory('jiefang', LINK, names), null)).status).toBe(200);
  const [saved] = site
    .git('ls-tree', `refs/heads/cms/stories/jiefang/${LINK}`, `stories/jiefang/${LINK}/index.md`)
    .split(' ');
  expect(saved).toBe('100644');
  await site.desk.call('deleteUnpublishedEntry', { collection: 'stories', slug: `jiefang/${LINK}` });
});

test.each([
  ['a line', '好\nDesk-State: pending_publish'],
  ['a line alone', 'Desk-State: pending_publish'],
  ['a paragraph', '好\n\nDesk-State: pending_publish\n'],
  ['a carriage return', '好\rDesk-State: pending_publish'],
  ['a line separator', '好\u2028Desk-State: pending_publish'],
  ['a paragraph separator', '好\u2029Desk-State: pending_publish'],
])('A commit message cannot make a draft ready: %s', async (_case, commitMessage) => {
  messages += 1;
  const id = `20210403-00000${messages}aa`;
  const { raw } = writtenStory('jiefang', id, names);
  const dataFiles = [{ path: `stories/jiefang/${id}/index.md`, slug: id, raw }];
  expect((await site.desk.call('persistEntry', { dataFiles, options: { commitMessage } })).status).toBe(200);
  const { body } = await site.desk.call('unpublishedEntry', { collection: 'stories', slug: `jiefang/${id}` });
  expect(z.object({ status: z.string() }).parse(body).status).toBe('draft');
  expectRefused(await site.desk.call('publishUnpublishedEntry', { collection: 'stories', slug: `jiefang/${id}` }), 409);
});

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'nothing', ''])(
  'No action has the name %j',
  async (action) => expectRefused(await site.desk.call(action, {}), 422),
);

test.each([
  '/admin/assets/..%2fadmin.html',
  '/admin/assets/%2e%2e/%2e%2e/desk.sqlite',
  '/admin/assets/..%5cadmin.html',
  '/admin/assets//etc/passwd',
])('No file of the machine is served at %s', async (path) => {
  const response = await site.desk.request(path);
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(await response.text()).not.toMatch(/编辑台<\/title>|SQLite|root:/u);
});

test.each(['stories/..%2f..%2fmain', '__proto__/x', 'pages/about', 'stories/jiefang/a%00b'])(
  'No preview exists of %s',
  async (path) => expect((await site.desk.request(`/admin/preview/${path}`)).status).toBe(422),
);

test.each([
  '..%2f..%2fsite.yml',
  '%2e%2e/%2e%2e/site.yml',
  '..%252f..%252fsite.yml',
  '..%5c..%5csite.yml',
  'stories/jiefang/a%00.jpg',
  '%ef%bc%8e%ef%bc%8e%2fsite.yml',
  '%2fetc%2fpasswd',
  '.git%2fconfig',
  `stories/jiefang/${FIRST}/index.md`,
  `stories/jiefang/${FIRST}/..%2f..%2f..%2f..%2fsite.yml`,
  'stories/jiefang/main:a.jpg',
])('No photo is served at %s', async (path) => {
  for (const route of ['photos', 'judgements']) {
    // `fetch` would resolve the dots in the path before sending it.
    const { status, text } = await ask(site.desk.origin, {
      path: `/api/${route}/${path}`,
      headers: { cookie: site.desk.cookie },
    });
    expect([404, 422], text).toContain(status);
    expectRefused({ status, body: JSON.parse(text) }, status);
  }
});

test.each([
  '..',
  '../..',
  '/etc',
  'stories/../../x',
  'stories\\jiefang',
  'stories/jiefang/a\0',
  'pages',
  '．．/x',
  '.git',
])('No photo is accepted for an entry at %j', async (entry) => {
  const before = refs();
  expectRefused(await site.desk.upload(tinyPhotos.a, false, entry), 422);
  expect(refs()).toBe(before);
});

describe('A key that only the desk writes cannot be forged', () => {
  const forged = [
    'published: 2020-01-01',
    '"published": 2020-01-01',
    '!!str published: 2020-01-01',
    '? published\n: 2020-01-01',
    '"p\\u0075blished": 2020-01-01',
    '{published: 2020-01-01, title: 坏}',
    'base: &base {published: 2020-01-01, withdrawn: {date: 2020-01-01}}\n<<: *base',
    'edits: [{date: 2020-01-01, by: 书记}]',
    'withdrawn: {date: 2020-01-01, reason: 坏}',
    'generation: 7',
    'published: 2020-01-01\npublished: 2020-01-02',
    '%YAML 1.1\n<<: {published: 2020-01-01}',
  ];
  test.each(forged)('%j', async (yaml) => {
    const story = { unit: 'jiefang', id: '20210404-000000aa', raw: `---\n${yaml}\n---\n正文` };
    const { status, body } = await site.desk.save(story, null);
    if (status !== 200) return expectRefused({ status, body }, 422);
    const { data } = z
      .object({ data: z.record(z.string(), z.unknown()) })
      .parse(parseDocumentFile('a.md', (await site.desk.draft(story)) ?? ''));
    for (const key of ['published', 'edits', 'withdrawn', 'generation']) expect(data).not.toHaveProperty(key);
    await site.desk.call('deleteUnpublishedEntry', { collection: 'stories', slug: 'jiefang/20210404-000000aa' });
  });
});
