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

/**
 * Returns a candidate as the index gives it. `recent`: whether its date is known before the page of the entry is
 * loaded.
 */
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

describe('Hits come', () => {
  test('with hits in titles first, and newest first in each group', async () => {
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

  test('by date alone if requested', async () => {
    const some = [
      candidate({ url: 'a', content: '甲乙', date: '2022' }),
      candidate({ url: 'b', title: '甲乙', date: '2021' }, true),
    ];
    expect(await urls(new Hits(some, ['甲乙'], false, { titlesFirst: false, direction: 'desc' }))).toBe('ab');
  });

  test.each<[HitOrder['direction'], string]>([
    ['desc', 'xaybz'],
    ['asc', 'zbyax'],
  ])('with recently published pages placed by date: %s', async (direction, expected) => {
    const order: HitOrder = { titlesFirst: false, direction };
    const indexed = [
      candidate({ url: 'a', content: '甲乙', date: '2022' }),
      candidate({ url: 'b', content: '甲乙', date: '2020' }),
    ];
    const recent = [
      candidate({ url: 'y', content: '甲乙', date: '2021' }, false, true),
      candidate({ url: 'z', content: '甲乙', date: '2019' }, false, true),
      candidate({ url: 'x', content: '甲乙', date: '2023' }, false, true),
    ];
    const candidates = [...(direction === 'desc' ? indexed : indexed.toReversed()), ...recent];
    expect(await urls(new Hits(candidates, ['甲乙'], false, order))).toBe(expected);
    let paged = '';
    const slowly = new Hits(candidates, ['甲乙'], false, order);
    for (let page = await urls(slowly, 1); page !== ''; page = await urls(slowly, 1)) paged += page;
    expect(paged).toBe(expected);
  });

  test('only if they contain every phrase literally', async () => {
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

  test('not as hits in a title if the title has the pairs but not the phrase', async () => {
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

describe('The count of hits', () => {
  const four = ['a', 'b', 'c', 'd'].map((url, at) =>
    candidate({ url, content: at === 1 ? '乙甲' : '甲乙', date: String(2024 - at) }),
  );

  test('is final at once if the index is sure', () => {
    const { count, settled } = new Hits(four, ['甲乙'], false, NEWEST);
    expect({ count, settled }).toEqual({ count: 4, settled: true });
  });

  test('is an upper bound until all candidates were checked', async () => {
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

  test('needs no more pages than are requested', async () => {
    loads = [];
    const many = Array.from({ length: 50 }, (_, at) =>
      candidate({ url: String(at), content: '甲乙', date: String(2050 - at) }),
    );
    const hits = new Hits(many, ['甲乙'], true, NEWEST);
    await hits.next(10);
    expect(loads).toHaveLength(10);
  });
});

test('A page that cannot be loaded is requested again, and no hit is lost', async () => {
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
