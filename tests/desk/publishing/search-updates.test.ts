// When the desk indexes published entries: new ones at once, and shards later.
import { afterAll, expect, test, vi } from 'vitest';
import { SiteUpdates } from '../../../src/desk/publishing/site-updates.ts';
import { endIndexing } from '../../../src/search/index/indexing.ts';
import { FixtureContent, writeGround, writeStory } from '../../fixtures/content.ts';
import { findable, tiersIn } from '../../fixtures/search/pagefind-files.ts';
import { SiteFolder } from '../../fixtures/desk/publishing.ts';

const content = new FixtureContent();
const folder = new SiteFolder();
const id = '20210101-000001aa';
const file = `stories/jiefang/${id}/index.md`;

afterAll(async () => {
  await endIndexing();
  for (const each of [content, folder]) each.dispose();
});

test('A publication is indexed at once, and folded into the shards later', async () => {
  writeGround(content);
  writeStory(content, id, 'jiefang');
  const troubles: unknown[] = [];
  const publisher = await folder.open(content);
  const publication = new SiteUpdates(Promise.resolve(publisher), (error) => troubles.push(error));
  // Waits almost as long as the test's time limit, in milliseconds.
  const patient = { timeout: 280_000 };

  expect((await publisher.publish()).faults).toEqual([]);
  publication.fold();
  await vi.waitFor(() => expect(tiersIn(folder.output).shards).toHaveLength(1), patient);
  const { shards } = tiersIn(folder.output);

  content.edit(file, '正文写在这里', '改过的正文');
  await publisher.publish([file]);
  publication.fold();
  publication.index();
  await vi.waitFor(() => expect(tiersIn(folder.output).gone).toHaveLength(1), patient);
  expect(tiersIn(folder.output).shards).toEqual(shards);
  expect(findable(folder.output)).toHaveLength(1);

  publication.fold();
  await vi.waitFor(() => expect(tiersIn(folder.output).recent).toBeUndefined(), patient);
  expect(tiersIn(folder.output).shards).not.toEqual(shards);

  content.edit(file, '改过的正文', '又改过的正文');
  await publisher.publish([file]);
  const current = tiersIn(folder.output);
  publication.fold();
  await publication.close();
  expect(tiersIn(folder.output)).toEqual(current);
  expect(troubles).toEqual([]);
});
