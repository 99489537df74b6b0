import type { WishView } from '../../model/view-models.ts';
import { wishGroups } from '../../model/collections/wishes.ts';

type Group = WishView['group'];

/** The wishes of one group of people (such as 空巢老人) in one part of the wall. */
export interface WishRow {
  group: Group;
  /** Id of the row's heading on the page. */
  id: string;
  wishes: readonly WishView[];
}

/** A part of the page of wishes (the wall): all wishes in the same stage. */
export interface WishPart {
  id: string;
  title: string;
  count: number;
  /** Rows of the groups that have wishes in this part, in the model's order. */
  rows: readonly WishRow[];
}

const parts: readonly { id: string; title: string; states: readonly WishView['state'][] }[] = [
  { id: 'open', title: '等人认领', states: ['open'] },
  { id: 'doing', title: '正在办', states: ['claimed', 'doing'] },
  { id: 'done', title: '已经实现', states: ['done'] },
];

const groups = Object.values(wishGroups);

/** Returns the parts of the wall that have wishes. Withdrawn wishes are left out. */
export function wishParts(wishes: readonly WishView[]): WishPart[] {
  return parts.flatMap(({ id, title, states }) => {
    const members = wishes.filter(({ state }) => states.includes(state));
    const rows = groups.map((group, at) => ({
      group,
      id: `${id}-${at + 1}`,
      wishes: members.filter((wish) => wish.group === group),
    }));
    return members.length === 0
      ? []
      : { id, title, count: members.length, rows: rows.filter((row) => row.wishes.length > 0) };
  });
}

/** Returns the groups that have wishes, in the model's order, each with its rows in all parts of the wall. */
export function wishPlaces(wall: readonly WishPart[]): { group: Group; rows: { title: string; row: WishRow }[] }[] {
  return groups
    .map((group) => ({
      group,
      rows: wall.flatMap(({ title, rows }) => rows.filter((row) => row.group === group).map((row) => ({ title, row }))),
    }))
    .filter(({ rows }) => rows.length > 0);
}
