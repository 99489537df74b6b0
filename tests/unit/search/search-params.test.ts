import { expect, test } from 'vitest';
import { isEmpty, queryOf, readSearchParams } from '../../../src/search/query/search-params.ts';

test.each<[string, string]>([
  ['', ''],
  ['?q=', ''],
  ['?q=%E5%BF%97%E6%84%BF', '?q=%E5%BF%97%E6%84%BF'],
  ['?q=+a+b+', '?q=a+b'],
  ['?unit=qinyang&activity=culture&year=2021&kind=story', '?activity=culture&unit=qinyang&year=2021&kind=story'],
  ['?activity=&q=a', '?q=a'],
  ['?q=a&sort=newest', '?q=a&sort=newest'],
  ['?q=a&sort=oldest', '?q=a&sort=oldest'],
  ['?q=a&sort=title', '?q=a'],
  ['?q=a&sort=best', '?q=a'],
  ['?q=a&limit=10', '?q=a'],
  ['?q=a&limit=11', '?q=a&limit=11'],
  ['?q=a&limit=1000', '?q=a&limit=1000'],
  ['?q=a&limit=1001', '?q=a&limit=1000'],
  ['?q=a&limit=20.9', '?q=a&limit=20'],
  ['?q=a&limit=-5', '?q=a'],
  ['?q=a&limit=many', '?q=a'],
  ['?q=a&utm_source=wechat', '?q=a'],
])('the address %j is read as %j', (query, understood) => {
  expect(queryOf(readSearchParams(query))).toBe(understood);
});

test.each<[string, boolean]>([
  ['', true],
  ['?sort=oldest&limit=20', true],
  ['?q=a', false],
  ['?year=2021', false],
])('a search with %j is empty: %j', (query, empty) => {
  expect(isEmpty(readSearchParams(query))).toBe(empty);
});
