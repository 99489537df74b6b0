import { describe, expect, test } from 'vitest';
import { documentsOf, type DocumentFacts } from '../../../src/search/index/documents.ts';
import {
  isSmall,
  MOST_CHARACTERS,
  MOST_IN_SHARD,
  MOST_RECENT,
  planRecent,
  planShards,
  type IndexedDocument,
} from '../../../src/search/index/shard-plan.ts';
import { pairsOf } from '../../../src/search/query/tokens.ts';

const facts = (number: number, version = 0): DocumentFacts => ({
  url: `/${number}/`,
  date: `20${String(10 + Math.floor(number / 360)).padStart(2, '0')}-${String(1 + (Math.floor(number / 30) % 12)).padStart(2, '0')}-${String(1 + (number % 28)).padStart(2, '0')}`,
  print: `${number}.${version}`,
  size: 1000,
});
const some = (count: number, from = 0): DocumentFacts[] => Array.from({ length: count }, (_, at) => facts(from + at));
/** Returns short documents. They are so short that their number fills a shard before their total size does. */
const short = (count: number): DocumentFacts[] => some(count).map((one) => ({ ...one, size: 100 }));
const indexed = (documents: readonly DocumentFacts[]): IndexedDocument[] =>
  documents.map((document) => ({ ...document, id: `id-${document.print}` }));
const fingerprints = (documents: readonly DocumentFacts[]): string[] => documents.map(({ print }) => print);

describe('The difference between the documents and the shards', () => {
  const shards = [indexed(some(3)), indexed(some(3, 3))];

  test.each<[string, DocumentFacts[], string[], string[]]>([
    ['nothing', some(6), [], []],
    ['a new document', [...some(6), facts(9)], ['9.0'], []],
    ['a changed one', [...some(5), facts(5, 1)], ['5.1'], ['id-5.0']],
    ['a withdrawn one', some(5), [], ['id-5.0']],
    ['one that returned to an earlier state', some(6), [], []],
    ['everything gone', [], [], ['id-0.0', 'id-1.0', 'id-2.0', 'id-3.0', 'id-4.0', 'id-5.0']],
  ])('%s', (_what, documents, recent, gone) => {
    const plan = planRecent(documents, shards);
    expect(fingerprints(plan.documents)).toEqual(recent);
    expect(plan.gone).toEqual(gone);
  });
});

test.each<[number, number, boolean]>([
  [0, 0, true],
  [MOST_RECENT, 0, true],
  [MOST_RECENT + 1, 0, false],
  [0, 64, true],
  [0, 65, false],
])('%i new documents and %i that are gone may stay outside the shards: %j', (documents, gone, small) => {
  const ids = Array.from({ length: gone }, (_, at) => String(at));
  expect(isSmall({ documents: some(documents), gone: ids })).toBe(small);
});

describe('Shards', () => {
  test.each<[number, number[]]>([
    [0, []],
    [1, [1]],
    [MOST_IN_SHARD, [MOST_IN_SHARD]],
    [MOST_IN_SHARD + 1, [1250, 1251]],
    [5000, [1667, 1666, 1667]],
  ])('of %i documents from nothing have %j', (count, sizes) => {
    expect(planShards(short(count), []).map(({ length }) => length)).toEqual(sizes);
  });

  test('of long documents have fewer, limited by MOST_CHARACTERS', () => {
    const long = some(1400).map((one, at) => ({ ...one, size: at % 2 === 0 ? 2000 : 2600 }));
    const shards = planShards(long, []);
    const characters = shards.map((shard) => shard.reduce((sum, { size }) => sum + size, 0));
    expect(characters).toHaveLength(3);
    expect(Math.max(...characters)).toBeLessThanOrEqual(MOST_CHARACTERS);
    expect(Math.max(...characters) - Math.min(...characters)).toBeLessThan(2600 * 2);
    expect(fingerprints(shards.flat()).sort()).toEqual(fingerprints(long).sort());
  });

  const whole = planShards(some(2000), []);
  const shardsNow = whole.map(indexed);

  test('are ranges of dates, newest first, and contain every document once', () => {
    const dates = whole.flat().map(({ date }) => date);
    expect(dates).toEqual(dates.toSorted().toReversed());
    expect(new Set(fingerprints(whole.flat())).size).toBe(2000);
  });

  test('stay unchanged except the one whose range covers a new document', () => {
    const old = { ...facts(5), url: '/new/', print: 'new' };
    const next = planShards([...some(2000), old], shardsNow);
    const changed = next.filter((shard, at) => fingerprints(shard).join() !== fingerprints(whole[at] ?? []).join());
    expect(next).toHaveLength(whole.length);
    expect(changed).toHaveLength(1);
    expect(fingerprints(changed[0] ?? [])).toContain('new');
  });

  test('take in documents newer or older than all others', () => {
    const newest = { url: '/n/', date: '2030-01-01', print: 'n', size: 1000 };
    const oldest = { url: '/o/', date: '1999-01-01', print: 'o', size: 1000 };
    const next = planShards([...some(2000), newest, oldest], shardsNow);
    expect(next[0]?.[0]?.print).toBe('n');
    expect(next.at(-1)?.at(-1)?.print).toBe('o');
  });

  test('are split when too large, and merged when little is left', () => {
    const grown = planShards(
      [...some(2000), ...some(301, 5000).map((one) => ({ ...one, date: '2030-01-01' }))],
      shardsNow,
    );
    expect(Math.max(...grown.map(({ length }) => length))).toBeLessThanOrEqual(MOST_IN_SHARD);
    expect(grown.length).toBeGreaterThan(whole.length);
    expect(planShards(some(100), shardsNow)).toHaveLength(1);
    expect(planShards([], shardsNow)).toEqual([]);
  });
});

describe('The documents of a page', () => {
  const page = (inner: string): string =>
    `<html><body><header>导航</header>${inner}<footer>页脚</footer></body></html>`;
  const mark = 'data-search="story" data-date="2021-03-19" data-activities="culture legal-aid"';

  test('are its entries, without the rest of the page', () => {
    const [document, ...others] = documentsOf('/a/', page(`<article ${mark}><h1>志愿队</h1><p>正文</p></article>`));
    expect(others).toEqual([]);
    expect(document).toMatchObject({ url: '/a/', date: '2021-03-19', address: '/a/?date=2021-03-19' });
    expect(document?.html).toContain('正文');
    expect(document?.html).not.toMatch(/导航|页脚/u);
    expect(document?.html).toContain('data-pagefind-meta="t[content]" content="志愿 愿队"');
    for (const [use, name, value] of [
      ['filter', 'kind', 'story'],
      ['filter', 'year', '2021'],
      ['filter', 'activity', 'culture'],
      ['filter', 'activity', 'legal-aid'],
      ['sort', 'date', '2021-03-19'],
    ]) {
      expect(document?.html).toContain(`<meta data-pagefind-${use}="${name}[content]" content="${value}">`);
    }
  });

  test('are found by their marks, also several on a page', () => {
    const item = (id: string): string => `<li id="${id}" ${mark}><p data-pagefind-meta="title">想要书</p></li>`;
    const documents = documentsOf('/wishes/', page(`<ul>${item('w-1')}<li>别的</li>${item('w-2')}</ul>`));
    expect(documents.map(({ url }) => url)).toEqual(['/wishes/#w-1', '/wishes/#w-2']);
    expect(documents[0]?.html).toContain('content="想要 要书"');
    expect(documents[0]?.html).not.toContain('别的');
  });

  test('are written in the normal forms that are searched for', () => {
    const [document] = documentsOf('/a/', `<article ${mark}><h1>志願２０２１</h1></article>`);
    expect(document?.html).toContain('<h1>志愿2021</h1>');
  });

  test('contain the summary that only lists show', () => {
    const summary = '他说 1 < 2 &#38; 3 > 2';
    const [document] = documentsOf('/a/', `<article ${mark} data-summary="${summary}"><h1>志愿</h1></article>`);
    expect(document?.html).toContain('<h1>志愿</h1><p>他说 1 &lt; 2 &#38; 3 > 2</p>');
  });

  test('have a separate field for the pairs that Pagefind leaves out', () => {
    const pairsIn = (text: string): string | undefined =>
      /"pairs\[content\]" content="([^"]*)"/u.exec(
        documentsOf('/a/', `<article ${mark}><h1>题</h1><p>${text}</p></article>`)[0]?.html ?? '',
      )?.[1];
    expect(pairsIn('二〇二<em>〇</em>年，人々')).toBe('二〇 〇二 〇年 人々');
    expect(pairsIn('二十年')).toBeUndefined();
    expect(pairsIn('第3次，3次3人')).toBe(['第3', '3次', '次3', '3人'].flatMap(pairsOf).join(' '));
  });

  test('have equal fingerprints only if nothing in them differs', () => {
    const fingerprintOf = (address: string, text: string): string | undefined =>
      documentsOf(address, `<article ${mark}>${text}</article>`)[0]?.print;
    expect(fingerprintOf('/a/', '甲')).toBe(fingerprintOf('/a/', '甲'));
    expect(fingerprintOf('/a/', '甲')).not.toBe(fingerprintOf('/a/', '乙'));
    expect(fingerprintOf('/a/', '甲')).not.toBe(fingerprintOf('/b/', '甲'));
  });

  test('of a page without entries are none; an entry without a date throws', () => {
    expect(documentsOf('/a/', page('<article>甲</article>'))).toEqual([]);
    expect(() => documentsOf('/a/', '<article data-search="story">甲</article>')).toThrow('/a/');
  });
});
