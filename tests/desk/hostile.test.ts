import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { tinyPhotos } from '../fixtures/content.ts';
import { writtenStory } from '../fixtures/desk-client.ts';
import { DeskSite, expectRefused, FIRST } from '../fixtures/desk-site.ts';

let site: DeskSite;
let names: string[];
/** Everything the repository points to: it must not move. */
const refs = (): string => site.git('for-each-ref', '--format=%(refname) %(objectname)');

const LINK = '20210320-213000ef';
const SECRET = 'stories/jiefang/20210319-213000ef/index.md';

beforeAll(async () => {
  site = await DeskSite.open();
  names = await site.desk.photos(tinyPhotos.a, tinyPhotos.b);
  site.commitToMain(`stories/jiefang/${LINK}/index.md`, `../${FIRST}/index.md`, '120000');
});

afterAll(async () => {
  expect(site.troubles).toEqual([]);
  await site.dispose();
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
];

describe.each(ODD_FILES)('no file at %j', (path) => {
  const dataFiles = [{ path, slug: 'x', raw: '---\ntitle: 坏\n---\n', baseId: null }];
  test.each([
    ['getEntry', { path }],
    ['entriesByFiles', { files: [{ path }] }],
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

test.each(ODD_NAMES)('no draft is called %j %j', async (collection, slug) => {
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

test.each(['..', '../stories', 'stories/', 'stories/jiefang', '/', '.git', '', 'Stories', '-r'])(
  'no entries are listed below %j',
  async (folder) => {
    expectRefused(await site.desk.call('entriesByFolder', { folder, extension: 'md', depth: 9 }), 422);
  },
);

test("another entry's file is not read as a draft's", async () => {
  await site.desk.save(writtenStory('jiefang', '20210401-000000aa', names), null);
  const asked = { collection: 'stories', slug: 'jiefang/20210401-000000aa/index', id: '' };
  for (const path of ['site.yml', SECRET]) {
    expectRefused(await site.desk.call('unpublishedEntryDataFile', { ...asked, path }), 422);
  }
});

test.each(['../a.jpg', '/etc/passwd', '..', '.git', 'index.md', 'x.md', 'x.lock', 'a\\b.jpg'])(
  'no photo is called %j',
  async (src) => {
    const story = writtenStory('jiefang', '20210402-000000aa', [src]);
    const before = refs();
    const { status } = await site.desk.save(story, null);
    // A name with a slash is no photo's at all: it is saved as text and found on the way to review.
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

test('a symbolic link in the repository leads nowhere', async () => {
  const listed = await site.desk.call('entriesByFolder', { folder: 'stories', extension: 'md', depth: 3 });
  expect(JSON.stringify(listed.body)).not.toContain(LINK);
  expect(await site.desk.published({ unit: 'jiefang', id: LINK, raw: '' })).not.toContain('故事');
  expect((await site.desk.request(`/admin/preview/stories/jiefang/${LINK}/`)).status).toBe(404);
});

test.each([
  ['a line', '好\nDesk-State: pending_publish'],
  ['a line of its own', 'Desk-State: pending_publish'],
  ['a paragraph', '好\n\nDesk-State: pending_publish\n'],
  ['a carriage return', '好\rDesk-State: pending_publish'],
  ['a line separator', '好\u2028Desk-State: pending_publish'],
  ['a paragraph separator', '好\u2029Desk-State: pending_publish'],
])('a message cannot make a draft ready: %s', async (_case, commitMessage) => {
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
  'no action is called %j',
  async (action) => expectRefused(await site.desk.call(action, {}), 422),
);

test.each([
  '/admin/assets/..%2fadmin.html',
  '/admin/assets/%2e%2e/%2e%2e/desk.sqlite',
  '/admin/assets/..%5cadmin.html',
  '/admin/assets//etc/passwd',
])('no file of the machine at %s', async (path) => {
  const response = await site.desk.request(path);
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(await response.text()).not.toMatch(/编辑台<\/title>|SQLite|root:/u);
});

test.each(['stories/..%2f..%2fmain', '__proto__/x', 'pages/about', 'stories/jiefang/a%00b'])(
  'no preview of %s',
  async (path) => expect((await site.desk.request(`/admin/preview/${path}`)).status).toBe(422),
);
