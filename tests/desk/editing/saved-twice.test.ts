// The desk recognises a save that is sent again because its response was lost. It does not take the save of another
// person for a repetition.
import { expect } from 'vitest';
import { z } from 'zod';
import { remarked, tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory, type DeskAnswer, type DeskClient, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { expectRefused, FIRST, type DeskSite } from '../../fixtures/desk/desk-site.ts';
import { test } from '../../fixtures/desk/desk-test.ts';

const AUTHOR = { login: 'zhang', name: '张作者', role: 'author', unit: 'jiefang' } as const;
const COLLEAGUE = { login: 'zhao', name: '赵同事', role: 'author', unit: 'jiefang' } as const;
const REVIEWER = { login: 'li', name: '李审核', role: 'reviewer' } as const;

let site: DeskSite;
let author: DeskClient;
let colleague: DeskClient;
let reviewer: DeskClient;
let photos: string[];
let serial = 0;

test.beforeAll(async ({ site: opened }) => {
  site = opened;
  [author, colleague, reviewer] = await Promise.all([
    site.client(AUTHOR),
    site.client(COLLEAGUE),
    site.client(REVIEWER),
  ]);
  photos = await author.photos(tinyPhotos.a, tinyPhotos.b);
});

function fresh(): WrittenStory {
  serial += 1;
  return writtenStory('jiefang', `20210701-${String(serial).padStart(6, '0')}aa`, photos);
}

function changed(story: WrittenStory, title: string): WrittenStory {
  return { ...story, raw: story.raw.replace(/^title: .*$/mu, `title: ${title}`) };
}

const saved = z.object({ ids: z.record(z.string(), z.string()), tree: z.string() });
const refOf = ({ unit, id }: WrittenStory): string => `refs/heads/cms/stories/${unit}/${id}`;
const versions = (story: WrittenStory): string => site.git('rev-list', '--count', `main..${refOf(story)}`);

/** Expects that a save succeeded. Returns the id of the new version. */
function versionIn({ status, body }: DeskAnswer): string {
  expect(status, JSON.stringify(body)).toBe(200);
  return Object.values(saved.parse(body).ids)[0] ?? '';
}

test('A new story that is sent again gets the same answer and is stored once', async () => {
  const story = fresh();
  const first = await author.save(story, null);
  versionIn(first);
  expect(await author.save(story, null)).toEqual(first);
  expect(versions(story)).toBe('1');
  // The next save can use the version id in the repeated response.
  versionIn(await author.save(changed(story, '接着写'), versionIn(first)));
  expect(versions(story)).toBe('2');
});

test('A change that is sent again gets the same answer and is stored once', async () => {
  const story = fresh();
  const from = versionIn(await author.save(story, null));
  const second = await author.save(changed(story, '第二稿'), from);
  versionIn(second);
  for (const _again of [1, 2]) expect(await author.save(changed(story, '第二稿'), from)).toEqual(second);
  expect(versions(story)).toBe('2');
});

test('A change of a published story that is sent again makes one draft', async () => {
  const story = changed(writtenStory('jiefang', FIRST, photos), '改过的标题');
  const first = await author.save(story);
  const published = z.object({ file: z.object({ id: z.string() }) });
  const { body } = await author.call('getEntry', { path: `stories/jiefang/${FIRST}/index.md` });
  versionIn(first);
  expect(await author.save(story, published.parse(body).file.id)).toEqual(first);
  expect(versions(story)).toBe('1');
});

test('A text that differs by one byte is no repetition', async () => {
  const story = fresh();
  const from = versionIn(await author.save(story, null));
  versionIn(await author.save(changed(story, '第二稿'), from));
  expectRefused(await author.save(changed(story, '第二稿。'), from), 409, /张作者在.+改过这一篇/u);
  expectRefused(await author.save(changed(story, '第二稿'), null).then(async () => author.save(story, null)), 409);
  expect(await author.draft(story)).toContain('title: 第二稿\n');
  expect(versions(story)).toBe('2');
});

test('The same text by another person is no repetition', async () => {
  const story = fresh();
  const from = versionIn(await author.save(story, null));
  versionIn(await author.save(changed(story, '第二稿'), from));
  expectRefused(await colleague.save(changed(story, '第二稿'), from), 409, /张作者在.+改过这一篇/u);
  expectRefused(await colleague.save(changed(story, '第二稿'), null), 409);
  expect(versions(story)).toBe('2');
});

test('A save that another person’s save has followed is not repeated', async () => {
  const story = fresh();
  const from = versionIn(await author.save(story, null));
  const second = versionIn(await author.save(changed(story, '第二稿'), from));
  versionIn(await colleague.save(changed(story, '同事改的'), second));
  expectRefused(await author.save(changed(story, '第二稿'), from), 409, /赵同事.*在.+改过这一篇/u);
  expect(await author.draft(story)).toContain('同事改的');
});

test('A save of a draft that was moved since is no repetition, so that its writer learns of that', async () => {
  const story = fresh();
  versionIn(await author.save(story, null));
  expect((await author.move(story, 'pending_review')).status).toBe(200);
  // A response 200 would let the editor show the draft as just saved.
  expectRefused(await author.save(story, null), 409);
  expect((await reviewer.move(story, 'draft', '标题太长')).status).toBe(200);
  expectRefused(await author.save(story, null), 409);
});

test('A text with another photo is a new version, and sending it again is a repetition of that one', async () => {
  const story = fresh();
  const from = versionIn(await author.save(story, null));
  const [, second = ''] = photos;
  const [third = ''] = await author.photos(remarked(tinyPhotos.b, `another ${story.id}`));
  const swapped = { ...story, raw: story.raw.replace(second, third) };
  const answer = await author.save(swapped, from);
  versionIn(answer);
  expect(await author.save(swapped, from)).toEqual(answer);
  expectRefused(await author.save(story, null), 409);
  expect(site.files(refOf(story), `stories/jiefang/${story.id}`)).toContain(third);
});
