// Permissions of each role and of another unit's author for every action of the editor's API and every URL of a photo.
import { stringify } from 'yaml';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { unitData, wishData } from '../../fixtures/content.ts';
import { writtenStory, type DeskClient } from '../../fixtures/desk/desk-client.ts';
import { expectRefused, FIRST, type DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test as base } from '../../fixtures/desk/desk-test.ts';

const WISH = '20210303-100000aa';
const OTHERS_WISH = '20210303-100000bb';
const DRAFT = '20210401-080000aa';

const test = base.override('writing', () => (content) => {
  content.write(`wishes/${WISH}.yml`, stringify(wishData(WISH, 'jiefang')));
  content.write(`wishes/${OTHERS_WISH}.yml`, stringify(wishData(OTHERS_WISH, 'wenxian')));
});

let site: DeskSite;
let author: DeskClient;
let outsider: DeskClient;
let reviewer: DeskClient;
/** File names of the photos in the author's draft. */
let photos: string[];

const at = (unit: string, id: string) => ({ collection: 'stories', slug: `${unit}/${id}/index` });
const fileOf = (unit: string, id: string): string => `stories/${unit}/${id}/index.md`;

test.beforeAll(async ({ site: opened }) => {
  site = opened;
  author = await site.client({ login: 'li', name: '李作者', role: 'author', unit: 'jiefang' });
  outsider = await site.client({ login: 'wang', name: '王作者', role: 'author', unit: 'wenxian' });
  reviewer = await site.client({ login: 'zhao', name: '赵审核', role: 'reviewer' });
  photos = await author.photos(...site.freshPhotos());
  expect((await author.save(writtenStory('jiefang', DRAFT, photos), null)).status).toBe(200);
});

/** Returns all refs with their commits. A refused action must not change them. */
const refs = (): string => site.git('for-each-ref', '--format=%(refname) %(objectname)');

async function refused(client: DeskClient, action: string, params: Record<string, unknown>): Promise<void> {
  const before = refs();
  expectRefused(await client.call(action, params), 403);
  expect(refs()).toBe(before);
}

describe('An author of another unit', () => {
  test.each<[string, Record<string, unknown>]>([
    ['getEntry', { path: fileOf('jiefang', FIRST) }],
    ['unpublishedEntry', at('jiefang', DRAFT)],
    ['unpublishedEntry', { id: `stories/jiefang/${DRAFT}` }],
    ['unpublishedEntryDataFile', { ...at('jiefang', DRAFT), path: fileOf('jiefang', DRAFT), id: '' }],
    ['updateUnpublishedEntryStatus', { ...at('jiefang', DRAFT), newStatus: 'pending_review' }],
    ['deleteUnpublishedEntry', at('jiefang', DRAFT)],
    ['publishUnpublishedEntry', { ...at('jiefang', DRAFT), seen: '' }],
    ['withdrawEntry', { ...at('jiefang', FIRST), reason: '理由' }],
    ['deleteFiles', { paths: [fileOf('jiefang', FIRST)] }],
    ['getEntry', { path: `wishes/${WISH}.yml` }],
    ['getEntry', { path: 'site.yml' }],
    ['getEntry', { path: 'units/jiefang.yml' }],
  ])('is refused: %s %j', async (action, params) => refused(outsider, action, params));

  test.each([
    ['another unit’s story', () => ({ path: fileOf('jiefang', FIRST), raw: writtenStory('jiefang', FIRST, []).raw })],
    [
      'a new story of another unit',
      () => ({ path: fileOf('jiefang', '20210402-080000aa'), raw: '---\ntitle: 题\n---\n' }),
    ],
    [
      'an own path with another unit in the text',
      () => ({ path: fileOf('wenxian', '20210402-080000ab'), raw: '---\nunit: jiefang\n---\n' }),
    ],
    ['another unit’s wish', () => ({ path: `wishes/${WISH}.yml`, raw: stringify(wishData(WISH, 'wenxian')) })],
    [
      'an own wish, moved to another unit',
      () => ({ path: `wishes/${OTHERS_WISH}.yml`, raw: stringify(wishData(OTHERS_WISH, 'jiefang')) }),
    ],
    ['a wish without a unit', () => ({ path: 'wishes/20210303-100000cc.yml', raw: 'wish: 一个心愿\n' })],
    ['the settings', () => ({ path: 'site.yml', raw: 'name: 我的\n' })],
    ['a unit', () => ({ path: 'units/wenxian.yml', raw: stringify(unitData('wenxian')) })],
    ['a notice', () => ({ path: 'notices/x.md', raw: '---\ntitle: 题\n---\n' })],
    ['an activity', () => ({ path: 'activities/culture.md', raw: '---\ntitle: 题\n---\n' })],
  ])('cannot save what does not belong to the own unit: %s', async (_case, written) => {
    const { path, raw } = written();
    for (const baseId of [null, site.git('rev-parse', 'main')]) {
      const dataFiles = [{ path, slug: 'x', raw, baseId }];
      await refused(outsider, 'persistEntry', { dataFiles, options: { commitMessage: '改' } });
    }
  });

  test('sees neither drafts nor published entries of other units in lists', async () => {
    for (const path of ['/desk/entries/stories/', '/desk/entries/wishes/', '/desk/board/']) {
      const listed = await outsider.request(path);
      expect(listed.status).toBe(200);
      const page = await listed.text();
      expect(page).not.toContain('entries/jiefang/');
      expect(page).not.toContain(WISH);
    }
    expect(await (await outsider.request('/desk/entries/wishes/')).text()).toContain(OTHERS_WISH);
  });

  test('gets no photo of other units by any address, and cannot put one into an own entry', async () => {
    const [src = ''] = photos;
    for (const path of [
      `/api/photos/${src}`,
      `/api/photos/stories/jiefang/${DRAFT}/${src}`,
      `/api/photos/stories/jiefang/${FIRST}/a.jpg`,
      `/api/judgements/${src}`,
      `/api/judgements/stories/jiefang/${DRAFT}/${src}`,
      `/admin/preview/stories/jiefang/${DRAFT}/`,
    ]) {
      expect([403, 404]).toContain((await outsider.request(path)).status);
      expect((await author.request(path)).status).toBe(200);
    }
    const before = refs();
    const story = writtenStory('wenxian', '20210402-080000ac', photos);
    expectRefused(await outsider.save(story, null), 422, /没有传上来/u);
    expect(refs()).toBe(before);
    const upload = await outsider.request(`/api/photos?entry=stories/jiefang/${DRAFT}`, { method: 'PUT', body: 'x' });
    expect(upload.status).not.toBe(200);
  });

  test('cannot preview an entry of another unit', async () => {
    const body = JSON.stringify({ path: fileOf('jiefang', DRAFT), raw: '---\ntitle: 题\n---\n' });
    const headers = { 'content-type': 'application/json' };
    expect((await outsider.request('/api/preview', { method: 'POST', headers, body })).status).toBe(403);
  });
});

describe('An author', () => {
  test.each<[string, Record<string, unknown>]>([
    ['withdrawEntry', { ...at('jiefang', FIRST), reason: '理由' }],
    ['deleteFiles', { paths: [fileOf('jiefang', FIRST)] }],
    ['deleteFile', { path: `wishes/${WISH}.yml` }],
    ['publishUnpublishedEntry', { ...at('jiefang', DRAFT), seen: '' }],
  ])('cannot do a reviewer’s work in the own unit: %s', async (action, params) => refused(author, action, params));

  test('cannot approve, neither in one step nor in two', async () => {
    const story = writtenStory('jiefang', '20210403-080000aa', await author.photos(...site.freshPhotos()));
    expect((await author.save(story, null)).status).toBe(200);
    expectRefused(await author.move(story, 'pending_publish'), 403);
    expect((await author.move(story, 'pending_review')).status).toBe(200);
    expectRefused(await author.move(story, 'pending_publish'), 403);
    expectRefused(await author.publish(story), 403);
    expect((await reviewer.move(story, 'pending_publish')).status).toBe(200);
    expectRefused(await author.publish(story), 403);
    expectRefused(await author.move(story, 'draft'), 403, /不能取回/u);
    expectRefused(
      await author.call('deleteUnpublishedEntry', { collection: 'stories', slug: `jiefang/${story.id}` }),
      403,
    );
  });

  test.each(['/desk/people', '/desk/audit', '/desk/deleted', '/desk/reports.csv'])('does not get %s', async (path) => {
    expect((await author.request(path)).status).toBe(403);
  });

  test.each([
    '/desk/people/invite',
    '/desk/people/disable',
    '/desk/people/change',
    '/desk/people/link',
    '/desk/clear-sample',
  ])('cannot use %s', async (path) => {
    for (const client of [author, reviewer]) expect((await client.form(path, {})).status).toBe(403);
  });

  test('can write wishes of the own unit', async () => {
    const { body } = await author.call('getEntry', { path: `wishes/${WISH}.yml` });
    const { file } = z.object({ file: z.object({ id: z.string() }) }).parse(body);
    const raw = stringify(wishData(WISH, 'jiefang', { wish: '想要一盏更亮的灯' }));
    const dataFiles = [{ path: `wishes/${WISH}.yml`, slug: WISH, raw, baseId: file.id }];
    expect((await author.call('persistEntry', { dataFiles, options: {} })).status).toBe(200);
    expectRefused(await outsider.call('unpublishedEntry', { collection: 'wishes', slug: WISH }), 403);
  });

  test('can use photos of colleagues in the own unit', async () => {
    const colleague = await site.client({ login: 'sun', name: '孙作者', role: 'author', unit: 'jiefang' });
    const names = await author.photos(...site.freshPhotos());
    expect((await colleague.save(writtenStory('jiefang', '20210404-080000aa', names), null)).status).toBe(200);
  });
});

describe('A reviewer', () => {
  test('cannot edit people, units or settings', async () => {
    await refused(reviewer, 'getEntry', { path: 'site.yml' });
    const dataFiles = [{ path: 'units/new.yml', slug: 'new', raw: stringify(unitData('new')), baseId: null }];
    await refused(reviewer, 'persistEntry', { dataFiles, options: {} });
    expect((await reviewer.request('/desk/people')).status).toBe(403);
  });

  test('sees the drafts of every unit', async () => {
    expect(await (await reviewer.request('/desk/board/')).text()).toContain(`stories/entries/jiefang/${DRAFT}/index`);
  });
});
