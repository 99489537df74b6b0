// Runs in browser and Node: pure.
import type { Node } from 'prosemirror-model';
import { isList, isTight, listStart, nodes } from './schema.ts';

/** How many lists can be nested: a list and the lists in its items. */
export const DEEPEST_LIST = 2;

/** Returns how many lists are nested in a list, including the list. */
export function listDepth(list: Node): number {
  let deepest = 0;
  list.forEach((item) => item.forEach((child) => (deepest = Math.max(deepest, isList(child) ? listDepth(child) : 0))));
  return deepest + 1;
}

/**
 * Splits an item whose lists are too deep: the items of these lists follow as items, and what comes after such a list
 * becomes an item, so that the order of the text stays.
 */
function splitItem(item: readonly Node[]): Node[][] {
  const items: Node[][] = [];
  let own: Node[] = [];
  for (const child of item) {
    if (!isList(child)) {
      own.push(child);
      continue;
    }
    items.push(own, ...child.children.flatMap(({ children }) => splitItem(children)));
    own = [];
  }
  return [...items, own].filter((content) => content.length > 0);
}

/** Returns whether Markdown has to separate the blocks of an item by empty lines. */
function needsSpace(item: Node): boolean {
  return item.children.some(
    (child, index) =>
      index > 0 &&
      // Only a list that starts with 1 can follow a paragraph without an empty line (CommonMark, List items).
      (child.type === nodes.paragraph || (child.type === nodes.ordered_list && listStart(child) !== 1)),
  );
}

/** Returns whether a page shows a difference between a loose and a tight list with these items. */
function canBeLoose(items: readonly Node[]): boolean {
  const hasText = items.some(({ children }) =>
    children.some((child) => child.type === nodes.paragraph && child.childCount > 0),
  );
  const [first] = items;
  const blocks = (first?.childCount ?? 0) - (first?.firstChild?.childCount === 0 ? 1 : 0);
  return hasText && (items.length > 1 || blocks > 1);
}

/**
 * Returns a list as Markdown can write it, or undefined if nothing is left of it.
 *
 * @param items the content of its items, in canonical form. Empty items are removed.
 * @param depth 1 for a list that is in no other list
 */
export function canonicalList(list: Node, items: readonly (readonly Node[])[], depth: number): Node | undefined {
  const allowed = depth < DEEPEST_LIST ? items.filter((item) => item.length > 0) : items.flatMap(splitItem);
  const made = allowed.map((item) =>
    nodes.list_item.create(null, item[0]?.type === nodes.paragraph ? item : [nodes.paragraph.create(), ...item]),
  );
  if (made.length === 0) return undefined;
  const tight = !canBeLoose(made) || (isTight(list) && !made.some(needsSpace));
  return list.type === nodes.ordered_list
    ? nodes.ordered_list.create({ tight, start: listStart(list) }, made)
    : nodes.bullet_list.create({ tight }, made);
}
