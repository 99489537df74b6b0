import { expect, test, vi } from 'vitest';
import { DependencyTracking } from '../../src/library/queries/dependency-tracking.ts';
import { queries } from '../../src/library/queries/page-queries.ts';
import { related } from '../../src/library/queries/stories.ts';
import { DraftOverlay } from '../../src/library/store/draft-overlay.ts';
import { EntryStore, type EntryStoreView } from '../../src/library/store/entry-store.ts';
import { dependencyKeyOf, type Version } from '../../src/library/content/version.ts';
import { entryAt, type EntryAddress } from '../../src/model/entry-path.ts';
import { stories } from '../../src/model/collections/stories.ts';
import { Random } from '../fixtures/random.ts';
import { storyData, type FrontMatter } from '../fixtures/content.ts';
import { seedsOf } from '../run-size.ts';

const idOf = (n: number): string => `20210101-${String(n).padStart(6, '0')}aa`;

function addressed(file: string): EntryAddress {
  const address = entryAt(file);
  if (!address) throw new Error(`${file} is no entry's file.`);
  return address;
}

/** Returns a story whose place, unit and activity no other story has, unless a test sets them by `changes`. */
function version(n: number, changes: FrontMatter = {}): Version {
  const id = idOf(n);
  const alone = {
    place: `${n}`,
    unit: `unit${n}`,
    activity: `activity${n}`,
    date: '2021-03-17',
  };
  const data = stories.schema.parse(storyData(id, '', { ...alone, ...changes }));
  return {
    address: addressed(`stories/${data.unit}/${id}/index.md`),
    entry: { collection: 'stories', data },
    text: id,
    photos: [],
  };
}

/** Published stories, and the queries about them. */
class Stories {
  readonly store = new EntryStore();
  readonly tracking = trackingOf(this.store);

  constructor(versions: Iterable<Version>) {
    for (const one of versions) this.store.put(one);
  }

  /** Returns the numbers of the stories related to story `n`, in order. */
  relatedTo(n: number): number[] {
    return relatedIn(this.tracking, n);
  }

  /** Puts or removes a story. Returns the numbers of the stories whose related stories changed. */
  change(next: Version | string): number[] {
    const touched = typeof next === 'string' ? this.store.remove(next) : this.store.put(next);
    const keys = Array.from(this.tracking.changedBy(touched)).filter((key) => key.startsWith('["related"'));
    return keys.map((key) => numberIn(key.slice('["related","'.length)));
  }
}

function trackingOf(view: EntryStoreView): DependencyTracking {
  return new DependencyTracking(view, { origin: 'https://example.org', ownPages: [] }, queries);
}

const numberIn = (id: string): number => Number(id.slice(9, 15));

const relatedIn = (tracking: DependencyTracking, n: number): number[] =>
  tracking.ask(related, [idOf(n)], () => undefined).map(numberIn);

test('Stories with the same example come before those of the same place, then activity, then unit, then the others', () => {
  const stories = new Stories([
    version(1, { unit: 'water' }),
    version(2, { activity: 'culture' }),
    version(3, { place: '石桥' }),
    version(4, { examples: [idOf(99)] }),
    version(5),
    version(6, { unit: 'water' }),
    version(7, { place: '石桥', unit: 'water', activity: 'culture', examples: [idOf(99)] }),
  ]);
  expect(stories.relatedTo(7)).toEqual([4, 3, 2]);
  stories.change(`stories/${idOf(4)}`);
  expect(stories.relatedTo(7)).toEqual([3, 2, 1]);
  stories.change(`stories/${idOf(1)}`);
  expect(stories.relatedTo(7)).toEqual([3, 2, 5]);
});

test('Of a group the nearest in time come first, of equally near ones the later, and at most three are shown', () => {
  const stories = new Stories([1, 2, 3, 4, 5].map((n) => version(n, { activity: 'culture', date: `2021-03-0${n}` })));
  expect(stories.relatedTo(3)).toEqual([4, 2, 5]);
  expect(stories.relatedTo(5)).toEqual([4, 3, 2]);
});

test('A story is never related to itself, its neighbours in the list of its unit, withdrawn or missing stories', () => {
  const same = { activity: 'culture', place: '石桥' };
  const withdrawn = { date: '2021-04-01', reason: '照片授权到期' };
  const stories = new Stories([
    version(1, same),
    version(2, { ...same, unit: 'water' }),
    version(3, { ...same, unit: 'water' }),
    version(4, { ...same, unit: 'water' }),
    version(5, { ...same, withdrawn }),
  ]);
  expect(stories.relatedTo(3)).toEqual([1]);
  expect(stories.relatedTo(5)).toEqual([]);
  expect(stories.relatedTo(6)).toEqual([]);
});

test('A draft has the related stories that it would have when published, and the store is unchanged', () => {
  const stories = new Stories([
    version(1, { activity: 'culture' }),
    version(2, { activity: 'legal-aid' }),
    version(3),
    version(4),
    version(5, { activity: 'legal-aid' }),
  ]);
  const draft = version(3, { activity: 'legal-aid', date: '2021-05-01' });
  const overlay = trackingOf(new DraftOverlay(stories.store, draft));
  expect(relatedIn(overlay, 3)).toEqual([5, 2, 4]);
  expect(relatedIn(overlay, 5)).toEqual([3, 2, 4]);
  expect(stories.relatedTo(3)).toEqual([4, 2, 5]);
});

test('A new story changes what two older ones show, and few queries are run for it', () => {
  const stories = new Stories(Array.from({ length: 200 }, (_, n) => version(n, { activity: 'culture' })));
  for (let n = 0; n < 200; n += 1) stories.relatedTo(n);
  const run = vi.spyOn(related, 'runWith');
  const changed = stories.change(version(200, { activity: 'culture' }));
  expect(changed.sort((one, other) => one - other)).toEqual([198, 199]);
  expect(run.mock.calls.length).toBeLessThan(10);
});

/** Returns a random story with fields of few values, so that many stories share them. */
function randomStory(random: Random, n: number): Version {
  return version(n, {
    date: `2021-${String(random.between(1, 6)).padStart(2, '0')}-01`,
    place: random.pick(['甲村', '乙村', `${n}村`]),
    unit: random.pick(['a', 'b', 'c']),
    activity: random.pick(['culture', 'legal-aid']),
    examples: random.next() < 0.1 ? [idOf(900)] : [],
    ...(random.next() < 0.1 ? { withdrawn: { date: '2021-07-01', reason: '撤下' } } : {}),
  });
}

test.each(seedsOf('related stories', 11))(
  'After every change, related stories equal those computed from nothing, and every changed list was announced (seed %i)',
  (seed) => {
    const random = new Random(seed);
    const stories = new Stories(Array.from({ length: 50 }, (_, n) => randomStory(random, n)));
    for (let round = 0; round < 120; round += 1) {
      const before = new Map(Array.from({ length: 60 }, (_, n) => [n, stories.relatedTo(n)] as const));
      const next = randomStory(random, random.between(0, 59));
      const changed = stories.change(random.next() < 0.3 ? dependencyKeyOf(next.address) : next);
      const fresh = new Stories(stories.store.versions.values());
      for (const [n, old] of before) {
        const now = stories.relatedTo(n);
        expect(now, `round ${round}, story ${n}`).toEqual(fresh.relatedTo(n));
        expect(changed.includes(n), `round ${round}, story ${n}`).toBe(String(old) !== String(now));
      }
    }
  },
);
