import { expect, test } from 'vitest';
import { relatedKey } from '../../src/library/store/related-stories.ts';
import { DraftOverlay } from '../../src/library/store/draft-overlay.ts';
import { EntryStore } from '../../src/library/store/entry-store.ts';
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

/** A story that has nothing in common with others but what a test gives it. */
function version(n: number, changes: FrontMatter = {}): Version {
  const id = idOf(n);
  const alone = {
    title: '没有',
    summary: '没有',
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

function shelfOf(versions: Iterable<Version>): EntryStore {
  const shelf = new EntryStore();
  for (const one of versions) shelf.put(one);
  return shelf;
}

/** Numbers of the stories that are related to one. */
const related = (shelf: Pick<EntryStore, 'kin'>, n: number): number[] =>
  shelf.kin(idOf(n)).map((id) => Number(id.slice(9, 15)));

test('Stories with the same example come before those with shared words, then the same activity, then the unit', () => {
  const shelf = shelfOf([
    version(1, { unit: 'water' }),
    version(2, { activity: 'culture' }),
    version(3, { title: '石桥边的理发摊' }),
    version(4, { examples: [idOf(99)] }),
    version(5),
    version(6, { unit: 'water' }),
    version(7, {
      title: '石桥边的理发摊，夜间值班电话响起',
      summary: '热水瓶底压住纸条写满姓名',
      unit: 'water',
      activity: 'culture',
      examples: [idOf(99)],
    }),
  ]);
  expect(related(shelf, 7)).toEqual([4, 3, 2]);
  shelf.remove(`stories/${idOf(4)}`);
  expect(related(shelfOf(shelf.versions.values()), 7)).toEqual([3, 2, 1]);
});

test('Of equally close ones the newest come first, and three are enough', () => {
  const shelf = shelfOf([1, 2, 3, 4, 5].map((n) => version(n, { activity: 'culture', date: `2021-03-0${6 - n}` })));
  expect(related(shelf, 1)).toEqual([2, 3, 4]);
});

test('A word that most stories say relates less than one that few say', () => {
  const shelf = shelfOf([
    version(1, { title: '理发' }),
    ...[2, 3, 4, 5].map((n) => version(n, { title: '志愿' })),
    version(6, { title: '理发；志愿' }),
  ]);
  expect(related(shelf, 6)[0]).toBe(1);
});

test('Characters of grammar relate nothing', () => {
  const shelf = shelfOf([version(1, { title: '有一个人的' }), version(2, { title: '有一个人的' })]);
  expect(related(shelf, 2)).toEqual([]);
});

test('Never itself, nor its neighbours in its unit, nor what is withdrawn or not there', () => {
  const same = { activity: 'culture', title: '石桥边的理发摊' };
  const withdrawn = { date: '2021-04-01', reason: '照片授权到期' };
  const shelf = shelfOf([
    version(1, same),
    version(2, { ...same, unit: 'water' }),
    version(3, { ...same, unit: 'water' }),
    version(4, { ...same, unit: 'water' }),
    version(5, { ...same, withdrawn }),
  ]);
  expect(related(shelf, 3)).toEqual([1]);
  expect(related(shelf, 5)).toEqual([]);
  expect(related(shelf, 6)).toEqual([]);
});

test('An old story leads to the new one that goes on with it', () => {
  const shelf = shelfOf([1, 2, 3, 4, 5].map((n) => version(n, { activity: 'culture' })));
  shelf.put(version(6, { title: '青石桥修水渠' }));
  expect(related(shelf, 6)).toEqual([]);
  shelf.put(version(7, { title: '又到青石桥修水渠' }));
  expect(related(shelfOf(shelf.versions.values()), 6)).toEqual([7]);
});

test('A draft is related to what it would be related to, and the shelf knows nothing of it', () => {
  const shelf = shelfOf([version(1, { activity: 'culture' }), version(2, { activity: 'legal-aid' }), version(3)]);
  const draft = version(3, { activity: 'legal-aid' });
  expect(related(new DraftOverlay(shelf, draft), 3)).toEqual([2]);
  expect(related(shelf, 3)).toEqual([]);
  expect(related(shelf, 2)).toEqual([]);
});

test('A new story at the end changes three older lists at most, however much alike all are', () => {
  const shelf = shelfOf(Array.from({ length: 200 }, (_, n) => version(n, { title: '理发', activity: 'culture' })));
  const before = new Map(Array.from({ length: 200 }, (_, n) => [n, related(shelf, n)] as const));
  const next = version(200, { title: '理发', activity: 'culture' });
  const touched = shelf.kinship.foresee([{ address: next.address, next }]);
  shelf.put(next);
  expect(touched().size).toBe(4);
  expect([...before].filter(([n, old]) => String(old) !== String(related(shelf, n)))).toHaveLength(3);
});

/** What a story may be in the random test: few values, so that much collides. */
function anything(random: Random, n: number): Version {
  const titles = ['理发', '理发送粥', '送粥', '石桥', '石桥送粥', '没有'];
  return version(n, {
    title: random.pick(titles),
    date: `2021-${String(random.between(1, 6)).padStart(2, '0')}-01`,
    place: random.pick(['甲村', '乙村']),
    unit: random.pick(['a', 'b', 'c']),
    activity: random.pick(['culture', 'legal-aid']),
    examples: random.next() < 0.1 ? [idOf(900)] : [],
    ...(random.next() < 0.1 ? { withdrawn: { date: '2021-07-01', reason: '撤下' } } : {}),
  });
}

test.each(seedsOf('related stories', 11))(
  'After every change: relatives as from nothing, and each list that is another was told of (seed %i)',
  (seed) => {
    const random = new Random(seed);
    const shelf = shelfOf(Array.from({ length: 110 }, (_, n) => anything(random, n)));
    for (let round = 0; round < 40; round += 1) {
      const before = new Map(Array.from({ length: 120 }, (_, n) => [n, related(shelf, n)] as const));
      const changes = Array.from({ length: random.between(1, 3) }, () => {
        const put = anything(random, random.between(0, 119));
        return { address: put.address, next: random.next() < 0.3 ? undefined : put };
      });
      const single = [...new Map(changes.map((change) => [change.address.key, change])).values()];
      const told = shelf.kinship.foresee(single);
      for (const { address, next } of single) {
        if (next) shelf.put(next);
        else shelf.remove(dependencyKeyOf(address));
      }
      const touched = told();
      const fresh = shelfOf(shelf.versions.values());
      for (const [n, old] of before) {
        const now = related(shelf, n);
        expect(now, `round ${round}, story ${n}`).toEqual(related(fresh, n));
        if (String(old) !== String(now)) expect(touched, `round ${round}, story ${n}`).toContain(relatedKey(idOf(n)));
      }
    }
  },
);
