import { describe, expect, test } from 'vitest';
import { Hits, type Candidate, type HitOrder, type IndexedPage } from '../../../src/search/query/hits.ts';

const NEWEST: HitOrder = { titlesFirst: true, direction: 'desc' };

interface Written {
  url: string;
  title?: string;
  content?: string;
  date: string;
}

let loads: string[] = [];

/** A candidate as the index gives it; `recent`: its date is known before it is loaded. */
function candidate({ url, title = '', content = '', date }: Written, inTitle = false, recent = false): Candidate {
  const page: IndexedPage = { url, date, title, content: `${title}. ${content}`, filters: {} };
  return {
    inTitle,
    date: recent ? date : undefined,
    load: async () => {
      loads.push(url);
      return page;
    },
  };
}

async function urls(hits: Hits, count = 1000): Promise<string> {
  return (await hits.next(count)).map(({ url }) => url).join('');
}

describe('hits come', () => {
  test('with those in a title first, and in each group newest first', async () => {
    const hits = new Hits(
      [
        candidate({ url: 'a', content: '甲乙', date: '2024' }),
        candidate({ url: 'b', title: '甲乙', date: '2023' }, true),
        candidate({ url: 'c', content: '甲乙', date: '2022' }),
        candidate({ url: 'd', title: '甲乙', date: '2021' }, true),
      ],
      ['甲乙'],
      false,
      NEWEST,
    );
    expect(await urls(hits)).toBe('bdac');
  });

  test('by date alone where that is asked for', async () => {
    const some = [
      candidate({ url: 'a', content: '甲乙', date: '2022' }),
      candidate({ url: 'b', title: '甲乙', date: '2021' }, true),
    ];
    expect(await urls(new Hits(some, ['甲乙'], false, { titlesFirst: false, direction: 'desc' }))).toBe('ab');
  });

  test.each<[HitOrder['direction'], string]>([
    ['desc', 'xaybz'],
    ['asc', 'zbyax'],
  ])('with what was published lately where its date belongs: %s', async (direction, expected) => {
    const order: HitOrder = { titlesFirst: false, direction };
    const indexed = [
      candidate({ url: 'a', content: '甲乙', date: '2022' }),
      candidate({ url: 'b', content: '甲乙', date: '2020' }),
    ];
    const lately = [
      candidate({ url: 'y', content: '甲乙', date: '2021' }, false, true),
      candidate({ url: 'z', content: '甲乙', date: '2019' }, false, true),
      candidate({ url: 'x', content: '甲乙', date: '2023' }, false, true),
    ];
    const candidates = [...(direction === 'desc' ? indexed : indexed.toReversed()), ...lately];
    expect(await urls(new Hits(candidates, ['甲乙'], false, order))).toBe(expected);
    let paged = '';
    const slowly = new Hits(candidates, ['甲乙'], false, order);
    for (let page = await urls(slowly, 1); page !== ''; page = await urls(slowly, 1)) paged += page;
    expect(paged).toBe(expected);
  });

  test('only if they hold every phrase as it is', async () => {
    const hits = new Hits(
      [
        candidate({ url: 'a', content: '甲乙丁，丙丁', date: '2024' }),
        candidate({ url: 'b', content: '甲乙丙丁', date: '2023' }),
        candidate({ url: 'c', title: '甲乙', content: '甲乙丙丁', date: '2022' }),
      ],
      ['甲乙丙丁'],
      true,
      NEWEST,
    );
    expect(await urls(hits)).toBe('bc');
  });

  test('not as hits in a title where the title holds the pairs but not the phrase', async () => {
    const hits = new Hits(
      [
        candidate({ url: 'a', content: '甲乙丙丁', date: '2024' }),
        candidate({ url: 'b', title: '丙丁甲乙', content: '甲乙丙丁', date: '2023' }, true),
        candidate({ url: 'c', content: '甲乙丙丁', date: '2022' }),
        candidate({ url: 'd', title: '甲乙丙丁', date: '2021' }, true),
      ],
      ['甲乙丙丁'],
      true,
      NEWEST,
    );
    expect(await urls(hits)).toBe('dabc');
  });
});

describe('hits are counted', () => {
  const four = ['a', 'b', 'c', 'd'].map((url, at) =>
    candidate({ url, content: at === 1 ? '乙甲' : '甲乙', date: String(2024 - at) }),
  );

  test('at once where the index is sure of them', () => {
    const { count, settled } = new Hits(four, ['甲乙'], false, NEWEST);
    expect({ count, settled }).toEqual({ count: 4, settled: true });
  });

  test('at most so many, until all of them were looked at', async () => {
    const hits = new Hits(four, ['甲乙'], true, NEWEST);
    expect([hits.count, hits.settled]).toEqual([4, false]);
    expect(await urls(hits, 2)).toBe('ac');
    expect([hits.count, hits.settled]).toEqual([3, false]);
    expect(hits.all).toBeUndefined();
    expect(await urls(hits, 2)).toBe('d');
    expect([hits.count, hits.settled]).toEqual([3, true]);
    expect(hits.all?.map(({ url }) => url).join('')).toBe('acd');
    expect(await urls(hits, 2)).toBe('');
  });

  test('and no more of them are loaded than are asked for', async () => {
    loads = [];
    const many = Array.from({ length: 50 }, (_, at) =>
      candidate({ url: String(at), content: '甲乙', date: String(2050 - at) }),
    );
    const hits = new Hits(many, ['甲乙'], true, NEWEST);
    await hits.next(10);
    expect(loads).toHaveLength(10);
  });
});

test('A page that cannot be loaded is asked for again, and none is lost', async () => {
  let broken = true;
  const hits = new Hits(
    ['a', 'b', 'c'].map((url, at) => {
      const one = candidate({ url, title: at === 0 ? '甲乙' : '', content: '甲乙', date: String(2024 - at) }, at === 0);
      return url === 'b'
        ? { ...one, load: async () => (broken ? Promise.reject(new Error('offline')) : one.load()) }
        : one;
    }),
    ['甲乙'],
    true,
    NEWEST,
  );
  await expect(hits.next(3)).rejects.toThrow('offline');
  broken = false;
  expect(await urls(hits)).toBe('abc');
});
