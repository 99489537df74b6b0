// Runs in browser and Node: pure.
import { Schema, type DOMOutputSpec, type Node } from 'prosemirror-model';
import { linkTarget } from '../../text/markdown.ts';

/** Highest number that a numbered list can start with (CommonMark, List items: at most nine digits). */
export const HIGHEST_START = 999_999_999;

/** Content of a paragraph and of a table cell. */
const LINES = '(text | hard_break)*';

/** Returns a `validate` function of a schema's attribute that accepts only some values. */
function oneOf(...values: unknown[]): (value: unknown) => void {
  return (value) => {
    if (!values.includes(value)) throw new RangeError(`Unknown value of an attribute: ${String(value)}`);
  };
}

function startNumber(value: unknown): void {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > HIGHEST_START)
    throw new RangeError(`A list cannot start with ${String(value)}.`);
}

const align = { default: null, validate: oneOf(null, 'left', 'center', 'right') };

function alignmentAttributes(cell: Node): Record<string, string> {
  const value = alignmentOf(cell);
  return value === null ? {} : { style: `text-align:${value}` };
}

/** Returns the attributes of a cell's element in the editor's own HTML. */
function alignmentIn(element: HTMLElement): { align: string | null } {
  const { textAlign } = element.style;
  return { align: ['left', 'center', 'right'].includes(textAlign) ? textAlign : null };
}

function looseness(list: Node): Record<string, string> {
  return isTight(list) ? {} : { 'data-loose': '' };
}

/**
 * The schema of the body field: what a page shows (Prose.astro has the styles) and nothing else. Any other block of a
 * file is a `kept` node with its Markdown. `parseDOM` reads only the editor's own HTML.
 */
export const schema = new Schema({
  nodes: {
    doc: { content: 'block+' },
    paragraph: {
      group: 'block nested',
      content: LINES,
      parseDOM: [{ tag: 'p' }, { tag: 'div:not([data-kept])', priority: 10 }],
      toDOM: (): DOMOutputSpec => ['p', 0],
    },
    heading: {
      group: 'block',
      content: 'text*',
      attrs: { level: { default: 2, validate: oneOf(2, 3) } },
      defining: true,
      parseDOM: [
        { tag: 'h2', attrs: { level: 2 } },
        { tag: 'h3', attrs: { level: 3 } },
      ],
      toDOM: (node): DOMOutputSpec => [`h${headingLevel(node)}`, 0],
    },
    blockquote: {
      group: 'block',
      content: 'nested+',
      defining: true,
      parseDOM: [{ tag: 'blockquote' }],
      toDOM: (): DOMOutputSpec => ['blockquote', 0],
    },
    bullet_list: {
      group: 'block nested',
      content: 'list_item+',
      attrs: { tight: { default: true, validate: 'boolean' } },
      parseDOM: [{ tag: 'ul', getAttrs: (element) => ({ tight: !element.hasAttribute('data-loose') }) }],
      toDOM: (node): DOMOutputSpec => ['ul', looseness(node), 0],
    },
    ordered_list: {
      group: 'block nested',
      content: 'list_item+',
      attrs: { tight: { default: true, validate: 'boolean' }, start: { default: 1, validate: startNumber } },
      parseDOM: [
        {
          tag: 'ol',
          getAttrs: (element) => ({
            tight: !element.hasAttribute('data-loose'),
            start: validStart(element.getAttribute('start') ?? 1),
          }),
        },
      ],
      toDOM: (node): DOMOutputSpec => ['ol', { ...looseness(node), start: String(listStart(node)) }, 0],
    },
    list_item: {
      content: 'paragraph nested*',
      defining: true,
      parseDOM: [{ tag: 'li' }],
      toDOM: (): DOMOutputSpec => ['li', 0],
    },
    table: {
      group: 'block',
      content: 'table_row+',
      isolating: true,
      parseDOM: [{ tag: 'table' }],
      toDOM: (): DOMOutputSpec => ['table', ['tbody', 0]],
    },
    table_row: {
      content: '(table_header | table_cell)+',
      parseDOM: [{ tag: 'tr' }],
      toDOM: (): DOMOutputSpec => ['tr', 0],
    },
    table_header: {
      content: LINES,
      isolating: true,
      attrs: { align },
      parseDOM: [{ tag: 'th', getAttrs: alignmentIn }],
      toDOM: (node): DOMOutputSpec => ['th', alignmentAttributes(node), 0],
    },
    table_cell: {
      content: LINES,
      isolating: true,
      attrs: { align },
      parseDOM: [{ tag: 'td', getAttrs: alignmentIn }],
      toDOM: (node): DOMOutputSpec => ['td', alignmentAttributes(node), 0],
    },
    rule: { group: 'block', parseDOM: [{ tag: 'hr' }], toDOM: (): DOMOutputSpec => ['hr'] },
    kept: {
      group: 'block',
      atom: true,
      draggable: true,
      attrs: { markdown: { validate: 'string' } },
      parseDOM: [
        {
          tag: 'div[data-kept]',
          getAttrs: (element) => ({ markdown: element.getAttribute('data-kept') ?? '' }),
        },
      ],
      toDOM: (node): DOMOutputSpec => ['div', { 'data-kept': keptMarkdown(node) }],
    },
    hard_break: {
      inline: true,
      selectable: false,
      linebreakReplacement: true,
      parseDOM: [{ tag: 'br' }],
      toDOM: (): DOMOutputSpec => ['br'],
    },
    text: {},
  },
  marks: {
    link: {
      attrs: { href: { validate: 'string' }, title: { default: null, validate: 'string|null' } },
      inclusive: false,
      parseDOM: [
        {
          tag: 'a[href]',
          getAttrs: (element) => {
            const href = linkTarget(element.getAttribute('href') ?? '');
            return href === undefined ? false : { href, title: element.getAttribute('title') };
          },
        },
      ],
      toDOM: ({ attrs }): DOMOutputSpec => ['a', { href: attrs['href'], title: attrs['title'], rel: 'noopener' }, 0],
    },
    strong: { parseDOM: [{ tag: 'strong' }, { tag: 'b' }], toDOM: (): DOMOutputSpec => ['strong', 0] },
    em: { parseDOM: [{ tag: 'em' }, { tag: 'i' }], toDOM: (): DOMOutputSpec => ['em', 0] },
  },
});

/** The types of nodes and of marks, by name. */
export const { nodes, marks } = schema;

/** Returns the level of a heading: 2 or 3. */
export function headingLevel(heading: Node): 2 | 3 {
  return heading.attrs['level'] === 3 ? 3 : 2;
}

/** Returns whether a page shows the items of a list without space between them. */
export function isTight(list: Node): boolean {
  return list.attrs['tight'] === true;
}

/** Returns the number of the first item of a numbered list. */
export function listStart(list: Node): number {
  return validStart(list.attrs['start']);
}

/** Returns a value as the first number of a list: 1 if it is not a whole number from 0 to `HIGHEST_START`. */
export function validStart(value: unknown): number {
  const start = Number(value);
  return Number.isInteger(start) && start >= 0 && start <= HIGHEST_START ? start : 1;
}

/** Returns the alignment of a table cell: `left`, `center`, `right`, or null if it has none. */
export function alignmentOf(cell: Node): string | null {
  const value: unknown = cell.attrs['align'];
  return typeof value === 'string' ? value : null;
}

/** Returns the Markdown of a kept block. */
export function keptMarkdown(kept: Node): string {
  return String(kept.attrs['markdown']);
}

/** Returns whether a node is a bulleted or numbered list. */
export function isList(node: Node): boolean {
  return node.type === nodes.bullet_list || node.type === nodes.ordered_list;
}
