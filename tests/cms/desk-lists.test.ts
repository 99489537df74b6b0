// Decap's lists, search and board lead to the desk's pages; the forms of entries stay in the editor.
import { describe, expect, test } from 'vitest';
import { deskPageAfter, deskPageBefore, deskPageOf } from '../../src/cms/decap/desk-lists.ts';

test.each([
  ['/', '/desk/entries/'],
  ['', '/desk/entries/'],
  ['/nothing/known', '/desk/entries/'],
  ['/collections', '/desk/entries/'],
  ['/collections/stories', '/desk/entries/stories/'],
  ['/collections/stories/', '/desk/entries/stories/'],
  ['/collections/stories/entries/', '/desk/entries/stories/'],
  ['/collections/stories/search/', '/desk/entries/stories/'],
  ['/collections/stories/search/绿豆汤', '/desk/entries/stories/?q=%E7%BB%BF%E8%B1%86%E6%B1%A4'],
  ['/collections/stories/search/%E7%BB%BF', '/desk/entries/stories/?q=%E7%BB%BF'],
  ['/collections/stories/search/100%', '/desk/entries/stories/?q=100%25'],
  ['/collections/stories/search/a/b', '/desk/entries/stories/?q=a%2Fb'],
  ['/collections/stories/filter/jiefang', '/desk/entries/stories/'],
  ['/search/', '/desk/entries/'],
  ['/search/绿豆汤', '/desk/entries/?q=%E7%BB%BF%E8%B1%86%E6%B1%A4'],
  ['/workflow', '/desk/board/'],
  ['/edit/stories', '/desk/entries/'],
])('The view %j of Decap is the page %s of the desk', (route, page) => {
  expect(deskPageOf(route)).toBe(page);
  expect(deskPageAfter(route, undefined, undefined)).toBe(page);
});

test.each([
  '/collections/stories/new',
  '/collections/stories/entries/jiefang/20210319-213000ef/index',
  '/collections/site/entries/site',
  '/edit/stories/x',
])('The form %s stays in the editor', (route) => {
  expect(deskPageOf(route)).toBeUndefined();
  expect(deskPageAfter(route, '/desk/', 'deleted')).toBeUndefined();
});

const ORIGIN = 'https://desk.example';

test.each([
  ['/desk/', '/desk/'],
  ['/desk/board/', '/desk/board/'],
  ['/desk/entries/stories/?q=%E6%B1%A4&page=3', '/desk/entries/stories/?q=%E6%B1%A4&page=3'],
  ['/desk/entries/stories/?done=deleted', '/desk/entries/stories/'],
  ['/desk/entries/stories/?unit=jiefang&done=deleted', '/desk/entries/stories/?unit=jiefang'],
  ['/desk/sign-in?next=/admin/', undefined],
  ['/desk/people', undefined],
  ['/stories/', undefined],
])('From %s one comes back to %s', (path, page) => {
  expect(deskPageBefore(ORIGIN + path, ORIGIN)).toBe(page);
});

test.each(['', 'no URL', 'https://other.example/desk/', 'http://desk.example/desk/'])(
  'From %j one comes back nowhere',
  (referrer) => {
    expect(deskPageBefore(referrer, ORIGIN)).toBeUndefined();
  },
);

describe('The way out of a form', () => {
  const LIST = '/desk/entries/stories/?year=2021&page=2';

  test.each([
    ['to the list that it was opened from', '/collections/stories', LIST, LIST],
    ['to the board that it was opened from', '/collections/stories', '/desk/board/', '/desk/board/'],
    ['to the list of its collection', '/collections/stories', undefined, '/desk/entries/stories/'],
    ['from the settings to where one came from', '/collections/site', '/desk/', '/desk/'],
    ['from the settings to the start page', '/collections/site', undefined, '/desk/'],
    ['to a search', '/search/汤', LIST, '/desk/entries/?q=%E6%B1%A4'],
  ])('leads %s', (_, route, before, page) => {
    expect(deskPageAfter(route, before, undefined)).toBe(page);
  });

  test.each([
    ['the same list', LIST, 'deleted', '/desk/entries/stories/?year=2021&page=2&done=deleted'],
    ['the list of its collection', '/desk/board/', 'draft-deleted', '/desk/entries/stories/?done=draft-deleted'],
    ['the list of its collection', '/desk/entries/wishes/', 'deleted', '/desk/entries/stories/?done=deleted'],
    ['the list of its collection', undefined, 'deleted', '/desk/entries/stories/?done=deleted'],
  ] as const)('leads after a deletion to %s, which says so', (_, before, deleted, page) => {
    expect(deskPageAfter('/collections/stories', before, deleted)).toBe(page);
  });
});
