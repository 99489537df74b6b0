// What a desk publishes and cleans up when it is restarted.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { markdown, storyData, tinyPhotos } from '../../fixtures/content.ts';
import { writtenStory } from '../../fixtures/desk/desk-client.ts';
import { DeskSite } from '../../fixtures/desk/desk-site.ts';
import { listsWith, STORY_LISTS } from '../../fixtures/story-lists.ts';

const ID = '20210401-080000aa';
const OTHER = '20210401-080000ac';

let site: DeskSite;

beforeEach(async () => {
  site = await DeskSite.open();
});

afterEach(async () => {
  expect(site.troubles).toEqual([]);
  await site.dispose();
});

const newStory = async (id = ID) =>
  writtenStory('jiefang', id, await site.desk.photos(tinyPhotos.a, tinyPhotos.b), { title: '新的故事' });

test('A fault elsewhere in the library is listed and does not stop a publication', async () => {
  const broken = 'stories/wenxian/20210302-000000ab/index.md';
  site.commitToMain(broken, markdown(storyData('20210302-000000ab', 'wenxian', { title: undefined })));
  site = await site.reopened();
  expect(site.publisher.library.faults.map(({ file }) => file)).toContain(broken);
  expect((await site.desk.saveAndPublish(await newStory())).status).toBe(200);
  expect(listsWith(site, '新的故事')).toEqual(STORY_LISTS);
});

test('A draft left by a kill after its publication is deleted at the next start, and others stay', async () => {
  const [story, other] = [await newStory(), await newStory(OTHER)];
  expect((await site.desk.saveAndPublish(story)).status).toBe(200);
  await site.desk.save(other, null);
  site.git('update-ref', `refs/heads/cms/stories/jiefang/${ID}`, 'main^2');
  expect(await site.desk.draft(story)).not.toBeNull();
  site = await site.reopened();
  expect(await site.desk.draft(story)).toBeNull();
  expect(await site.desk.draft(other)).not.toBeNull();
  expect(listsWith(site, '新的故事')).toEqual(STORY_LISTS);
});
