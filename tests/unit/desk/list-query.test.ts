// The URL of a list: what its query means, also if somebody has made it up, and that links repeat it.
import { expect, test } from 'vitest';
import { listAddress, parsedListQuery } from '../../../src/desk/pages/lists/list-query.ts';

const NONE = { q: '', unit: undefined, activity: undefined, year: undefined, state: undefined, page: 1 };

test.each<[string, Record<string, unknown>, object]>([
  ['nothing', {}, {}],
  ['empty fields of the form', { q: '', unit: '', activity: '', year: '', state: '' }, {}],
  [
    'everything',
    { q: ' 绿豆汤 ', unit: 'jiefang', year: '2021', state: 'returned', page: '12' },
    { q: '绿豆汤', unit: 'jiefang', year: 2021, state: 'returned', page: 12 },
  ],
  ['page 0', { page: '0' }, {}],
  ['page -1', { page: '-1' }, {}],
  ['page 1e9', { page: '1e9' }, {}],
  ['page 1.5', { page: '1.5' }, {}],
  ['page NaN', { page: 'NaN' }, {}],
  ['page with blanks', { page: ' 2 ' }, {}],
  ['a page far behind the last', { page: '9999999' }, { page: 9_999_999 }],
  ['a page with more digits than a number holds', { page: '99999999999999999999' }, {}],
  ['fields that occur twice', { q: ['a', 'b'], unit: ['a', 'b'], page: ['2', '3'], state: ['draft', 'draft'] }, {}],
  ['an unknown state', { state: 'ready' }, {}],
  ['a state that every object has', { state: 'constructor' }, {}],
  ['a year of three digits', { year: '202' }, {}],
  ['a year in other digits', { year: '２０２１' }, {}],
  ['a unit that is no code', { unit: "jiefang' OR 1=1 --" }, {}],
  ['a unit with a path', { unit: '../x' }, {}],
  ['a long unit', { unit: 'a'.repeat(101) }, {}],
  ['characters of LIKE', { q: '%_\\' }, { q: '%_\\' }],
  ['an emoji', { q: '😀' }, { q: '😀' }],
  ['half a character', { q: '\uD83D汤' }, { q: '\uFFFD汤' }],
  ['other fields', { sort: 'title', done: 'x' }, {}],
])('%s', (_, raw, expected) => {
  expect(parsedListQuery(raw)).toEqual({ query: { ...NONE, ...expected }, isShortened: false, done: undefined });
});

test.each([
  ['汤', 200, 200],
  ['汤', 201, 200],
  ['汤', 10_000, 200],
  ['😀', 100, 200],
  ['😀', 101, 200],
])('Of %j, %i times, the beginning is searched for', (character, times, length) => {
  const { query, isShortened } = parsedListQuery({ q: character.repeat(times) });
  expect(query.q).toBe(character.repeat(length / character.length));
  expect(isShortened).toBe(character.length * times > length);
});

test('A character is not cut in two', () => {
  expect(parsedListQuery({ q: `汤${'😀'.repeat(100)}` }).query.q).toBe(`汤${'😀'.repeat(99)}`);
});

test('A message about a deletion is one of those that exist', () => {
  expect(parsedListQuery({ done: 'deleted' }).done).toBe('deleted');
});

test.each([
  [{}, '/desk/entries/stories/'],
  [{ q: '', page: 1 }, '/desk/entries/stories/'],
  [{ q: '汤 & 茶', page: 2 }, '/desk/entries/stories/?q=%E6%B1%A4+%26+%E8%8C%B6&page=2'],
  [
    { unit: 'jiefang', activity: 'culture', year: 2021, state: 'draft' as const },
    '/desk/entries/stories/?unit=jiefang&activity=culture&year=2021&state=draft',
  ],
])('The filters %j have the address %s', (filters, address) => {
  expect(listAddress('stories', filters)).toBe(address);
  const { query } = parsedListQuery(Object.fromEntries(new URL(address, 'http://desk.example').searchParams));
  expect(listAddress('stories', query)).toBe(address);
});
