// Runs in browser and Node: pure.
import type { Mark, Node } from 'prosemirror-model';
import { canonicalBlock } from '../document/canonical-form.ts';
import { DEEPEST_LIST, listDepth } from '../document/canonical-list.ts';
import { isList, marks as markTypes, nodes, schema, validStart } from '../document/schema.ts';
import { Dropped } from './dropped.ts';
import { elementsIn, isElement, styleOf, textOf, type HtmlElement, type HtmlNode } from './html-tree.ts';
import { linesOfBlocks, nestedBlocks } from './nested-blocks.ts';
import { PastedLines, paragraphsOf } from './pasted-lines.ts';
import { marksIn } from './pasted-marks.ts';
import { raisedDigits, replacedByText } from './pasted-pictures.ts';
import { isLayout, rowsOf, tableOf } from './pasted-table.ts';
import { withWordLists } from './word-lists.ts';

/** What was pasted: blocks in canonical form, and what is not in them. */
export interface Pasted {
  blocks: Node[];
  dropped: Dropped;
}

/** Elements without text for readers. */
const SILENT = new Set(['script', 'style', 'template', 'noscript', 'head', 'title', 'meta', 'link', 'xml', 'datalist']);
const FORM_FIELDS = new Set(['input', 'select', 'textarea']);
/** Elements that start a line and end one. */
const BLOCKS = new Set([
  ...['p', 'div', 'section', 'article', 'header', 'footer', 'main', 'aside', 'nav', 'figure', 'figcaption', 'address'],
  ...['center', 'fieldset', 'form', 'legend', 'dl', 'dt', 'dd', 'details', 'summary', 'li', 'pre', 'caption', 'body'],
  ...['tr', 'td', 'th', 'tbody', 'thead', 'tfoot'],
]);

/** What a line break in a heading becomes. */
const SPACE = schema.text(' ');

/** What the text in an element has from the elements around it. */
interface Surroundings {
  marks: readonly Mark[];
  /** Whether line ends are shown. */
  isPreformatted: boolean;
}

function isHidden(element: HtmlElement): boolean {
  return styleOf(element, 'display') === 'none' || styleOf(element, 'mso-hide') === 'all';
}

/** Returns whether an element is a comment of Word, or the mark of one. */
function isComment(element: HtmlElement): boolean {
  return (
    /^comment/u.test(styleOf(element, 'mso-element')) ||
    styleOf(element, 'mso-special-character') === 'comment' ||
    (element.attributes['class'] ?? '').toLowerCase() === 'msocomanchor'
  );
}

function isPreformatted(element: HtmlElement, around: boolean): boolean {
  if (element.name === 'pre') return true;
  const whiteSpace = styleOf(element, 'white-space');
  return whiteSpace === '' ? around : /^(?:pre|break-spaces)/u.test(whiteSpace);
}

/** Reads HTML into blocks. */
class HtmlReader {
  readonly #dropped: Dropped;
  readonly #blocks: Node[] = [];
  readonly #lines = new PastedLines();

  constructor(dropped: Dropped) {
    this.#dropped = dropped;
  }

  /** Returns the blocks of nodes. */
  static blocksOf(children: readonly HtmlNode[], around: Surroundings, dropped: Dropped): Node[] {
    const reader = new HtmlReader(dropped);
    reader.#readAll(children, around);
    reader.#endParagraphs();
    return reader.#blocks;
  }

  #endParagraphs(): void {
    this.#blocks.push(...paragraphsOf(this.#lines.take()));
  }

  /** Adds a block that was read, after the paragraphs before it. */
  #add(...blocks: readonly Node[]): void {
    this.#endParagraphs();
    this.#blocks.push(...blocks);
  }

  #blocksIn(element: HtmlElement, around: Surroundings): Node[] {
    return HtmlReader.blocksOf(element.children, around, this.#dropped);
  }

  #readAll(children: readonly HtmlNode[], around: Surroundings): void {
    for (const child of withWordLists(children)) {
      if (isElement(child)) this.#readElement(child, around);
      else if (around.isPreformatted) this.#lines.addPreformatted(child, around.marks);
      else this.#lines.addText(child, around.marks);
    }
  }

  #readElement(element: HtmlElement, around: Surroundings): void {
    if (this.#isLeftOut(element)) return;
    const text = replacedByText(element, this.#dropped) ?? raisedDigits(element);
    if (text !== undefined) return this.#lines.addText(text, around.marks);
    if (element.name === 'br') return this.#lines.addBreak();
    if (element.name === 'hr') return this.#add(nodes.rule.create());
    const inside = {
      marks: marksIn(element, around.marks, this.#dropped),
      isPreformatted: isPreformatted(element, around.isPreformatted),
    };
    if (/^h[1-6]$/u.test(element.name)) this.#readHeading(element, inside);
    else if (element.name === 'ul' || element.name === 'ol') this.#readList(element, inside);
    else if (element.name === 'blockquote') this.#readQuotation(element, inside);
    else if (element.name === 'table') this.#readTable(element, inside);
    else if (element.name === 'pre') this.#readPreformatted(element, inside);
    else if (BLOCKS.has(element.name)) this.#add(...this.#blocksIn(element, inside));
    else this.#readAll(element.children, inside);
  }

  /** Returns whether nothing of an element is read. Counts it if a writer could miss it. */
  #isLeftOut(element: HtmlElement): boolean {
    if (SILENT.has(element.name)) return true;
    if (FORM_FIELDS.has(element.name)) {
      if (element.attributes['type'] !== 'hidden') this.#dropped.add('formFields');
      return true;
    }
    if (isComment(element)) {
      if (styleOf(element, 'mso-element') === 'comment') this.#dropped.add('comments');
      else this.#dropped.add('comments', elementsIn(element, 'div').filter(isCommentText).length);
      return true;
    }
    if (!isHidden(element)) return false;
    if (textOf(element).trim() !== '') this.#dropped.add('hiddenTexts');
    return true;
  }

  #readHeading(element: HtmlElement, inside: Surroundings): void {
    const lines = linesOfBlocks(this.#blocksIn(element, inside));
    // A page shows headings in bold type anyway.
    const content = lines.map((node) => (node.isText ? node.mark(markTypes.strong.removeFromSet(node.marks)) : SPACE));
    this.#add(nodes.heading.create({ level: /^h[12]$/u.test(element.name) ? 2 : 3 }, content));
  }

  #readQuotation(element: HtmlElement, inside: Surroundings): void {
    const content = nestedBlocks(this.#blocksIn(element, inside));
    if (content.length > 0) this.#add(nodes.blockquote.create(null, content));
  }

  /** Reads a list. A list in a list, but in none of its items, as in Google Docs, is in the item before it. */
  #readList(element: HtmlElement, inside: Surroundings): void {
    const items: Node[][] = [];
    for (const child of element.children) {
      const content = nestedBlocks(HtmlReader.blocksOf(partsOfItem(child), inside, this.#dropped));
      const last = items.at(-1);
      if (isElement(child) && (child.name === 'ul' || child.name === 'ol') && last) last.push(...content);
      else if (content.length > 0) items.push(content);
    }
    if (items.length === 0) return;
    const made = items.map((content) =>
      nodes.list_item.create(
        null,
        content[0]?.type === nodes.paragraph ? content : [nodes.paragraph.create(), ...content],
      ),
    );
    const start = validStart(element.attributes['start'] ?? 1);
    this.#add(
      element.name === 'ol' ? nodes.ordered_list.create({ start }, made) : nodes.bullet_list.create(null, made),
    );
  }

  #readTable(table: HtmlElement, inside: Surroundings): void {
    const captions = table.children.filter(isElement).filter(({ name }) => name === 'caption');
    for (const caption of captions) this.#add(...this.#blocksIn(caption, inside));
    if (isLayout(table)) {
      for (const cell of rowsOf(table).flat()) this.#add(...this.#blocksIn(cell, inside));
      return;
    }
    const made = tableOf(table, (cell) => linesOfBlocks(this.#blocksIn(cell, inside)), this.#dropped);
    if (made) this.#add(made);
  }

  /** Reads preformatted text: each line is a paragraph, as in pasted plain text. */
  #readPreformatted(element: HtmlElement, inside: Surroundings): void {
    this.#endParagraphs();
    this.#readAll(element.children, inside);
    const lines = this.#lines.take().filter((line) => line.length > 0);
    this.#add(...lines.map((line) => nodes.paragraph.create(null, line)));
  }
}

function isCommentText(element: HtmlElement): boolean {
  return styleOf(element, 'mso-element') === 'comment';
}

/** Returns what is read of a child of a list: the content of an item, or the child itself. */
function partsOfItem(child: HtmlNode): readonly HtmlNode[] {
  return isElement(child) && child.name === 'li' ? child.children : [child];
}

/** Returns the lists in blocks that are in no other list. */
function outerLists(blocks: readonly Node[]): Node[] {
  return blocks.flatMap((block) => (isList(block) ? [block] : outerLists(block.children)));
}

/**
 * Reads pasted HTML, for example from Word, WPS, Excel, WeChat, mail or a web page.
 *
 * @param body the `body` element of the parsed HTML
 */
export function readPastedHtml(body: HtmlElement): Pasted {
  const dropped = new Dropped();
  const blocks = HtmlReader.blocksOf(body.children, { marks: [], isPreformatted: false }, dropped);
  dropped.add('deepLists', outerLists(blocks).filter((list) => listDepth(list) > DEEPEST_LIST).length);
  return { blocks: blocks.flatMap((block) => canonicalBlock(block) ?? []), dropped };
}
