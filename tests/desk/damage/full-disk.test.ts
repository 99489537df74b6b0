import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { remarked, tinyPhotos } from '../../fixtures/content.ts';
import type { DeskClient } from '../../fixtures/desk/desk-client.ts';
import { writtenStory, type DeskAnswer, type WrittenStory } from '../../fixtures/desk/desk-client.ts';
import { expectRefused } from '../../fixtures/desk/desk-site.ts';
import { DeskOnSmallDisk } from '../../fixtures/damage/desk-on-small-disk.ts';
import type { SmallDisk } from '../../fixtures/damage/small-disk.ts';

/**
 * Numbers of free pages (4,096 bytes) that are left on the disk. With each number the disk becomes full at a different
 * step, from the first write to almost the last.
 */
const ROOM = [0, 1, 2, 3, 5, 8, 13, 21, 34];

let small: DeskOnSmallDisk;
let disk: SmallDisk;
let desk: DeskClient;
let serial = 0;

beforeAll(async () => {
  small = await DeskOnSmallDisk.start();
  ({ disk, desk } = small);
});

afterAll(async () => small.dispose());

async function newStory(): Promise<WrittenStory> {
  serial += 1;
  const id = `20210101-${String(serial).padStart(6, '0')}aa`;
  const photos = await desk.photos(remarked(tinyPhotos.a, id), remarked(tinyPhotos.b, id));
  return writtenStory('jiefang', id, photos, { title: `第${serial}篇` });
}

async function readyStory(): Promise<WrittenStory> {
  const story = await newStory();
  await desk.save(story, null);
  await desk.move(story, 'pending_review');
  await desk.move(story, 'pending_publish');
  return story;
}

/** Expects success, or the refusal because of a full disk (507). Returns whether the desk refused. */
function expectDoneOrFull(answer: DeskAnswer): boolean {
  if (answer.status === 200) return false;
  expectRefused(answer, 507);
  return true;
}

function expectSound(): void {
  const folder = join(disk.folder, 'content.git');
  const [enter = '', ...spaces] = disk.prefix;
  const fsck = [`--git-dir=${folder}`, 'fsck', '--full', '--strict', '--no-dangling'];
  expect(execFileSync(enter, [...spaces, 'git', ...fsck], { encoding: 'utf8' })).toBe('');
}

test.each(ROOM)(
  'with room for %i pages: what was saved is there, what was not is refused, and then works',
  async (pages) => {
    const kept = await newStory();
    expect((await desk.save(kept, null)).status).toBe(200);
    const fresh = await newStory();
    const ready = await readyStory();
    const again = { ...kept, raw: `${kept.raw}\n又写了一段。\n` };
    const photo = remarked(tinyPhotos.a, `room ${pages} ${serial}`);

    disk.fill(pages);
    const saved = await desk.save(fresh, null);
    const changed = await desk.save(again);
    const uploaded = await desk.upload(photo);
    const published = await desk.publish(ready);
    disk.free();

    const refused = [saved, changed, uploaded, published].map(expectDoneOrFull);
    if (pages === 0) expect(refused).toEqual([true, true, true, true]);
    expectSound();
    expect(await desk.draft(kept)).toContain(changed.status === 200 ? '又写了一段' : kept.id);
    expect((await desk.draft(fresh)) === null).toBe(saved.status !== 200);

    if (saved.status !== 200) expect((await desk.save(fresh, null)).status).toBe(200);
    expect((await desk.save(again)).status).toBe(200);
    expect((await desk.upload(photo)).status).toBe(200);
    // If the text is published and only rendering its pages failed, the next publication renders them too.
    const next = await readyStory();
    if ((await desk.draft(ready)) !== null) expect((await desk.publish(ready)).status).toBe(200);
    expect((await desk.publish(next)).status).toBe(200);
    for (const story of [ready, next]) {
      expect(await desk.published(story)).toContain(story.id);
      expect((await desk.request(`/stories/${story.id}/`)).status).toBe(200);
    }
    expectSound();
  },
);
