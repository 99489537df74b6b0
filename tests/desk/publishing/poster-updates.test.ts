// When the desk draws posters: in the background, those of the newest stories first.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { SiteUpdates } from '../../../src/desk/publishing/site-updates.ts';
import { endIndexing } from '../../../src/search/index/indexing.ts';
import { FixtureContent, writeGround, writeStory } from '../../fixtures/content.ts';
import { SiteFolder } from '../../fixtures/desk/publishing.ts';

const content = new FixtureContent();
const folder = new SiteFolder();
const OLDER = Array.from({ length: 12 }, (_, n) => `20210101-${String(n).padStart(6, '0')}aa`);
const NEW = '20210601-000001aa';
const poster = (id: string) => join(folder.output, `stories/${id}/poster.png`);
const drawn = (ids: readonly string[]) => ids.filter((id) => existsSync(poster(id))).length;

afterAll(async () => {
  await endIndexing();
  for (const each of [content, folder]) each.dispose();
});

test('A new story gets its poster before older missing ones, and closing ends the drawing', async () => {
  writeGround(content);
  for (const id of OLDER) writeStory(content, id, 'jiefang');
  const troubles: unknown[] = [];
  const publisher = await folder.open(content);
  const publication = new SiteUpdates(Promise.resolve(publisher), (error) => troubles.push(error));
  // Waits almost as long as the test's time limit, in milliseconds.
  const patient = { timeout: 280_000, interval: 20 };
  await publisher.publish();
  publication.drawPosters();
  await vi.waitFor(() => expect(drawn(OLDER)).toBeGreaterThan(0), patient);

  const story = writeStory(content, NEW, 'jiefang', { date: '2021-06-01' });
  await publication.publish(
    ['index.md', 'a.jpg', 'b.jpg'].map((name) => `${story}/${name}`),
    folder.sourceOf(content),
  );
  expect(existsSync(poster(NEW)), 'the page is published before its poster').toBe(false);
  await vi.waitFor(() => expect(drawn([NEW])).toBe(1), patient);
  await vi.waitFor(() => expect(drawn(OLDER)).toBe(OLDER.length), patient);
  const { ino } = statSync(poster(NEW));

  content.edit('site.yml', /^name: .*$/mu, 'name: 在一起');
  await publisher.publish(['site.yml']);
  publication.drawPosters();
  await vi.waitFor(() => expect(statSync(poster(NEW)).ino).not.toBe(ino), patient);
  await publication.close();
  expect(troubles).toEqual([]);
});
