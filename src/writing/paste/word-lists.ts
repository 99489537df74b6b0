// Runs in browser and Node: pure.
import { isElement, styleOf, textOf, type HtmlElement, type HtmlNode } from './html-tree.ts';

/** Matches the signs of bulleted items, also those of the typefaces Symbol and Wingdings. */
const BULLET = /^[·•●○◦■□▪◆◇➢✓✔§\uf0b7\uf06c\uf0a7\uf0d8o\-–—*]$/u;
const NUMBER = /^(\d{1,4})[.)．、]?$/u;

/** A paragraph of Word that is an item of a list. */
interface WordItem {
  /** 1 for an item of a list that is in no other list. */
  level: number;
  /** The number of a numbered item. */
  number: string | undefined;
  content: readonly HtmlNode[];
}

function isLabel(node: HtmlNode): boolean {
  return isElement(node) && styleOf(node, 'mso-list') === 'ignore';
}

/** Returns the label that Word has put before an item: a sign or a number, without blanks. */
function labelOf(element: HtmlElement): string | undefined {
  for (const child of element.children) {
    if (!isElement(child)) continue;
    const label = isLabel(child) ? textOf(child).replace(/[\s\u00a0]+/gu, '') : labelOf(child);
    if (label !== undefined) return label;
  }
  return undefined;
}

/** Returns the content of an element with another text as its label. */
function withLabel(element: HtmlElement, label: string): HtmlNode[] {
  return element.children.map((child) => {
    if (isLabel(child)) return label;
    return isElement(child) ? { ...child, children: withLabel(child, label) } : child;
  });
}

/** Returns a paragraph as an item if Word has given it a number or bullet. Labels such as 一、 stay text. */
function wordItem(node: HtmlNode): WordItem | undefined {
  if (!isElement(node)) return undefined;
  const [, level] = /\blevel(\d)/u.exec(styleOf(node, 'mso-list')) ?? [];
  const label = labelOf(node);
  if (level === undefined || label === undefined) return undefined;
  const number = NUMBER.exec(label)?.[1];
  if (number === undefined && !BULLET.test(label)) return undefined;
  return { level: Number(level), number, content: withLabel(node, '') };
}

/** Returns the lists of items. Items of a deeper level are in the item before them. */
function listsOf(items: readonly WordItem[]): HtmlElement[] {
  const lists: HtmlElement[] = [];
  let at = 0;
  while (at < items.length) {
    const first = items[at];
    if (!first) break;
    const name = first.number === undefined ? 'ul' : 'ol';
    const made: HtmlElement[] = [];
    for (let item = items[at]; item && (item.number === undefined) === (name === 'ul') && item.level <= first.level;) {
      const from = at + 1;
      at = from;
      while ((items[at]?.level ?? 0) > first.level) at += 1;
      made.push({ name: 'li', attributes: {}, children: [...item.content, ...listsOf(items.slice(from, at))] });
      item = items[at];
    }
    lists.push({ name, attributes: first.number === undefined ? {} : { start: first.number }, children: made });
  }
  return lists;
}

/** Returns nodes in which the paragraphs that Word shows as items are lists. */
export function withWordLists(nodes: readonly HtmlNode[]): HtmlNode[] {
  const made: HtmlNode[] = [];
  let items: WordItem[] = [];
  const endList = (): void => {
    made.push(...listsOf(items));
    items = [];
  };
  for (const node of nodes) {
    const item = wordItem(node);
    if (item) items.push(item);
    else if (isElement(node) || node.trim() !== '') {
      endList();
      const label = isElement(node) && styleOf(node, 'mso-list') !== '' ? labelOf(node) : undefined;
      made.push(isElement(node) && label !== undefined ? { ...node, children: withLabel(node, label) } : node);
    } else if (items.length === 0) made.push(node);
  }
  endList();
  return made;
}
