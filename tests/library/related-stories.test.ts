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

/** Returns story number `n`. It has nothing in common with other stories except what `changes` contains. */
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

function storeOf(versions: Iterable<Version>): EntryStore {
  const store = new EntryStore();
  for (const one of versions) store.put(one);
  return store;
}

/** Returns the numbers of the stories that are related to story `n`, best first. */
const related = (store: Pick<EntryStore, 'kin'>, n: number): number[] =>
  store.kin(idOf(n)).map((id) => Number(id.slice(9, 15)));

test('Stories with the same example come before those with shared words, then the same activity, then the unit', () => {
  const store = storeOf([
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
  expect(related(store, 7)).toEqual([4, 3, 2]);
  store.remove(`stories/${idOf(4)}`);
  expect(related(storeOf(store.versions.values()), 7)).toEqual([3, 2, 1]);
});

test('Equally close stories come newest first, and at most three are shown', () => {
  const store = storeOf([1, 2, 3, 4, 5].map((n) => version(n, { activity: 'culture', date: `2021-03-0${6 - n}` })));
  expect(related(store, 1)).toEqual([2, 3, 4]);
});

test('A word in most stories counts less than a word in few', () => {
  const store = storeOf([
    version(1, { title: '理发' }),
    ...[2, 3, 4, 5].map((n) => version(n, { title: '志愿' })),
    version(6, { title: '理发；志愿' }),
  ]);
  expect(related(store, 6)[0]).toBe(1);
});

test('Grammatical characters do not make stories related', () => {
  const store = storeOf([version(1, { title: '有一个人的' }), version(2, { title: '有一个人的' })]);
  expect(related(store, 2)).toEqual([]);
});

test('A story is never related to itself, its neighbours in the list of its unit, withdrawn or missing stories', () => {
  const same = { activity: 'culture', title: '石桥边的理发摊' };
  const withdrawn = { date: '2021-04-01', reason: '照片授权到期' };
  const store = storeOf([
    version(1, same),
    version(2, { ...same, unit: 'water' }),
    version(3, { ...same, unit: 'water' }),
    version(4, { ...same, unit: 'water' }),
    version(5, { ...same, withdrawn }),
  ]);
  expect(related(store, 3)).toEqual([1]);
  expect(related(store, 5)).toEqual([]);
  expect(related(store, 6)).toEqual([]);
});

test('An old story names the new one that continues it', () => {
  const store = storeOf([1, 2, 3, 4, 5].map((n) => version(n, { activity: 'culture' })));
  store.put(version(6, { title: '青石桥修水渠' }));
  expect(related(store, 6)).toEqual([]);
  store.put(version(7, { title: '又到青石桥修水渠' }));
  expect(related(storeOf(store.versions.values()), 6)).toEqual([7]);
});

test('A draft has the relations that it would have when published, and the store is unchanged', () => {
  const store = storeOf([version(1, { activity: 'culture' }), version(2, { activity: 'legal-aid' }), version(3)]);
  const draft = version(3, { activity: 'legal-aid' });
  expect(related(new DraftOverlay(store, draft), 3)).toEqual([2]);
  expect(related(store, 3)).toEqual([]);
  expect(related(store, 2)).toEqual([]);
});

test('A new story at the end changes at most three older lists, however similar all stories are', () => {
  const store = storeOf(Array.from({ length: 200 }, (_, n) => version(n, { title: '理发', activity: 'culture' })));
  const before = new Map(Array.from({ length: 200 }, (_, n) => [n, related(store, n)] as const));
  const next = version(200, { title: '理发', activity: 'culture' });
  const touched = store.kinship.foresee([{ address: next.address, next }]);
  store.put(next);
  expect(touched().size).toBe(4);
  expect([...before].filter(([n, old]) => String(old) !== String(related(store, n)))).toHaveLength(3);
});

/** Returns a random story whose fields have few possible values, so that many stories share them. */
function randomStory(random: Random, n: number): Version {
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
  'After every change, related stories equal those computed from nothing, and every changed list was announced (seed %i)',
  (seed) => {
    const random = new Random(seed);
    const store = storeOf(Array.from({ length: 110 }, (_, n) => randomStory(random, n)));
    for (let round = 0; round < 40; round += 1) {
      const before = new Map(Array.from({ length: 120 }, (_, n) => [n, related(store, n)] as const));
      const changes = Array.from({ length: random.between(1, 3) }, () => {
        const put = randomStory(random, random.between(0, 119));
        return { address: put.address, next: random.next() < 0.3 ? undefined : put };
      });
      const single = [...new Map(changes.map((change) => [change.address.key, change])).values()];
      const touchedKeys = store.kinship.foresee(single);
      for (const { address, next } of single) {
        if (next) store.put(next);
        else store.remove(dependencyKeyOf(address));
      }
      const touched = touchedKeys();
      const fresh = storeOf(store.versions.values());
      for (const [n, old] of before) {
        const now = related(store, n);
        expect(now, `round ${round}, story ${n}`).toEqual(related(fresh, n));
        if (String(old) !== String(now)) expect(touched, `round ${round}, story ${n}`).toContain(relatedKey(idOf(n)));
      }
    }
  },
);
