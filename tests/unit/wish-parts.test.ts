import { expect, test } from 'vitest';
import { wishParts, wishPlaces } from '../../src/components/wish/wish-groups.ts';
import type { WishView } from '../../src/model/view-models.ts';

let serial = 0;
function wish(group: WishView['group'], state: WishView['state']): WishView {
  serial += 1;
  const unit = { code: 'u', name: '单位', short: '单位', href: '/units/u/' };
  return {
    id: `w${serial}`,
    group,
    alias: '老人',
    wish: '一盏灯',
    unit,
    contact: undefined,
    state,
    updated: '2021-03-01',
    claimedBy: undefined,
    story: undefined,
  };
}

const wall = wishParts([
  wish('其他', 'open'),
  wish('残疾人', 'done'),
  wish('残疾人', 'open'),
  wish('空巢老人', 'claimed'),
  wish('空巢老人', 'doing'),
  wish('困难职工', 'withdrawn'),
]);

test('Open wishes come first, then those in progress, then fulfilled ones; within each by group', () => {
  expect(
    wall.map(({ id, count, rows }) => [id, count, rows.map(({ group, wishes }) => [group, wishes.length])]),
  ).toEqual([
    [
      'open',
      2,
      [
        ['残疾人', 1],
        ['其他', 1],
      ],
    ],
    ['doing', 2, [['空巢老人', 2]]],
    ['done', 1, [['残疾人', 1]]],
  ]);
});

test('Every group with wishes has links to its places; withdrawn wishes have none', () => {
  const places = wishPlaces(wall).map(({ group, rows }) => [group, rows.map(({ row }) => row.id)]);
  expect(places).toEqual([
    ['残疾人', ['open-1', 'done-1']],
    ['空巢老人', ['doing-2']],
    ['其他', ['open-5']],
  ]);
  const ids = wall.flatMap(({ rows }) => rows.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
});

test('A wall without wishes has no parts', () => {
  expect(wishParts([wish('其他', 'withdrawn')])).toEqual([]);
});
