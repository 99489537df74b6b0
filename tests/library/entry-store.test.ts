import { expect, test } from 'vitest';
import type { Version } from '../../src/library/content/version.ts';
import { EntryStore } from '../../src/library/store/entry-store.ts';
import { stories } from '../../src/model/collections/stories.ts';
import { entryAt } from '../../src/model/entry-path.ts';
import { storyData } from '../fixtures/content.ts';
import { Random } from '../fixtures/random.ts';
import { seedsOf } from '../run-size.ts';

/** Returns a story of which few others have the same unit, date and figures, and a tenth are withdrawn. */
function randomStory(random: Random, number: number): Version {
  const id = `20210101-${String(number).padStart(6, '0')}aa`;
  const unit = `unit${random.between(0, 3)}`;
  const data = stories.schema.parse(
    storyData(id, unit, {
      date: `202${random.between(0, 2)}-0${random.between(1, 3)}-17`,
      volunteers: random.between(0, 99),
      hours: random.between(0, 999) / 100,
      ...(random.between(0, 9) === 0 ? { withdrawn: { date: '2022-12-01', reason: '照片授权到期' } } : {}),
    }),
  );
  const address = entryAt(`stories/${unit}/${id}/index.md`);
  if (!address) throw new Error(`${id} is no story's id.`);
  return { address, entry: { collection: 'stories', data }, text: id, photos: [] };
}

/** Returns everything that queries can read from a store. */
function contentOf(store: EntryStore) {
  const names = [...store.lists].sort();
  return {
    versions: new Map([...store.versions].sort(([one], [other]) => (one < other ? -1 : 1))),
    lists: names.map((name) => [name, store.list(name), store.sum(name), store.parts(name)]),
  };
}

test.each(seedsOf('Filling a store', 41))(
  'A store that is filled has the lists of one into which each version was put, seed %i',
  (seed) => {
    const random = new Random(seed);
    for (let round = 0; round < 20; round += 1) {
      const versions = Array.from({ length: 3 * round }, (_, number) => randomStory(random, number));
      const [filled, grown] = [new EntryStore(), new EntryStore()];
      filled.fill([...versions].reverse());
      for (const version of versions) grown.put(version);
      expect(contentOf(filled)).toEqual(contentOf(grown));

      const changed = versions.map((_, number) => randomStory(random, number));
      for (const version of changed) expect(filled.put(version)).toEqual(grown.put(version));
      expect(contentOf(filled)).toEqual(contentOf(grown));
    }
  },
);
