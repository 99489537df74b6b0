// Runs in browser and Node: pure.
import {
  textOf,
  type Block,
  type Cell,
  type ListMark,
  type Paragraph,
  type Picture,
  type Run,
  type Table,
} from '../document/blocks.ts';
import { labelKind, type LabelledValue } from './labels.ts';
import { markdownOf } from './markdown-line.ts';
import { tight, trimmedRuns } from './words.ts';

/** A line of the document, or a table that is no form and has no pictures. */
export interface Line {
  kind: 'line';
  runs: Run[];
  /** The text without white space at both ends. */
  text: string;
  paragraph: Paragraph;
  list: ListMark | undefined;
  /** The column of a table with pictures that the line is in: words below a picture belong to it. */
  column: string | undefined;
  /** Markdown of a table; undefined for a line of text. */
  table: string | undefined;
  /** Whether the line has been recognised as something that does not belong into the body. */
  used: boolean;
}

/** A picture between lines. */
export interface Figure {
  kind: 'picture';
  picture: Picture;
  column: string | undefined;
}

export type Item = Line | Figure;

/** A document as lines and pictures in reading order, and the values of its forms. */
export interface LaidOut {
  items: Item[];
  values: LabelledValue[];
}

/** From this size of type on, in half points, a paragraph is a title: its soft breaks do not end lines. */
const TITLE_SIZE = 36;

/** Labels of cells of a form whose neighbours contain the text or the photos. */
const CONTENT_LABEL =
  /^(?:内容|正文|稿件内容|主要内容|事迹|主要事迹|事迹简介|活动内容|活动简介|照片|活动照片|图片)[:：]?$/u;

/** More spaces than this in a row are no more than that: every pattern that is looked for stays quick. */
const MOST_SPACES = 8;
const MANY_SPACES = new RegExp(`(\\s{${MOST_SPACES}})\\s+`, 'gu');

/** Greatest number of columns of a table. Word's own limit is 63. */
const MOST_COLUMNS = 63;

/** Splits runs at soft line breaks. */
function splitAtBreaks(runs: readonly Run[]): Run[][] {
  const lines: Run[][] = [[]];
  for (const run of runs) {
    run.text.split('\n').forEach((text, index) => {
      if (index > 0) lines.push([]);
      if (text !== '') lines.at(-1)?.push({ ...run, text });
    });
  }
  return lines;
}

/** Joins lines with a space between them. */
function joined(lines: readonly Run[][]): Run[] {
  const space: Run = { text: ' ', bold: false, italic: false, href: undefined };
  return lines.flatMap((line, index) => (index > 0 ? [space, ...line] : line));
}

/** Returns all paragraphs of a cell, those of tables in it too. */
function paragraphsIn({ blocks }: Cell): Paragraph[] {
  return blocks.flatMap((block) =>
    block.kind === 'paragraph' ? [block] : block.rows.flatMap((row) => row.flatMap(paragraphsIn)),
  );
}

function cellText(cell: Cell): string {
  return paragraphsIn(cell)
    .map(({ runs }) => textOf(runs).trim())
    .join('\n')
    .trim();
}

function hasPictures(cell: Cell): boolean {
  return paragraphsIn(cell).some(({ pictures }) => pictures.length > 0);
}

/** Returns the number of columns of a table. */
function columnsOf({ rows }: Table): number {
  return rows.reduce(
    (most, row) =>
      Math.max(
        most,
        row.reduce((sum, { span }) => sum + span, 0),
      ),
    0,
  );
}

/** Returns a table as a Markdown table. Line breaks in cells become spaces. */
function markdownTable({ rows }: Table, width: number): string {
  const lines = rows.map((row) => {
    const cells = row.flatMap((cell) => {
      const paragraphs = paragraphsIn(cell).map(({ runs }) => markdownOf(trimmedRuns(joined(splitAtBreaks(runs)))));
      const text = paragraphs
        .filter((one) => one !== '')
        .join(' ')
        .replaceAll('|', '\\|');
      return [text, ...Array.from({ length: cell.span - 1 }, () => '')];
    });
    return `| ${Array.from({ length: width }, (_, column) => cells[column] ?? '').join(' | ')} |`;
  });
  return [lines[0], `|${' --- |'.repeat(width)}`, ...lines.slice(1)].join('\n');
}

/** Returns whether at least half of the rows of a table begin with a label, or have one before another value. */
function isForm(texts: readonly (readonly string[])[]): boolean {
  const labelled = texts.filter(
    (row) => row.length > 1 && row.some((text, index) => index % 2 === 0 && labelKind(text)),
  );
  return labelled.length >= Math.max(1, Math.ceil(texts.length / 2));
}

class Layout implements LaidOut {
  readonly items: Item[] = [];
  readonly values: LabelledValue[] = [];
  #tables = 0;

  addBlocks(blocks: readonly Block[]): void {
    for (const block of blocks) {
      if (block.kind === 'paragraph') this.#addParagraph(block);
      else this.#addTable(block);
    }
  }

  /** Adds the pictures of a paragraph, and its lines after them. */
  #addParagraph(paragraph: Paragraph, column?: string): void {
    for (const picture of paragraph.pictures) this.items.push({ kind: 'picture', picture, column });
    const lines = splitAtBreaks(paragraph.runs);
    const isTitle = paragraph.align === 'center' || paragraph.size >= TITLE_SIZE;
    const written = (isTitle ? [joined(lines)] : lines).map(trimmedRuns).filter((runs) => runs.length > 0);
    written.forEach((runs, index) => {
      const list = index === 0 ? paragraph.list : undefined;
      const text = textOf(runs).replace(MANY_SPACES, '$1');
      this.items.push({ kind: 'line', runs, text, paragraph, list, column, table: undefined, used: false });
    });
  }

  #addTable(table: Table): void {
    this.#tables += 1;
    const texts = table.rows.map((row) => row.map(cellText));
    const cells = table.rows.reduce((most, row) => Math.max(most, row.length), 0);
    const columns = columnsOf(table);
    if (isForm(texts)) this.#addForm(table, texts);
    else if (table.rows.some((row) => row.some(hasPictures))) this.#addColumns(table, cells);
    else if (table.rows.length < 2 || cells < 2 || columns > MOST_COLUMNS) {
      for (const row of table.rows) for (const { blocks } of row) this.addBlocks(blocks);
    } else if (texts.some((row) => row.some((text) => text !== ''))) {
      const text = texts.map((row) => row.join(' ')).join('\n');
      const paragraph: Paragraph = {
        kind: 'paragraph',
        runs: [],
        pictures: [],
        align: 'left',
        style: '',
        outline: 9,
        size: 0,
        list: undefined,
        boxed: false,
      };
      const line = { runs: [], text, paragraph, list: undefined, column: undefined, used: false };
      this.items.push({ kind: 'line', ...line, table: markdownTable(table, columns) });
    }
  }

  /** Adds a table with pictures column by column, so that the words below a picture follow it. */
  #addColumns({ rows }: Table, cells: number): void {
    const table = this.#tables;
    for (let column = 0; column < cells; column += 1) {
      for (const row of rows) {
        const cell = row[column];
        if (cell) for (const paragraph of paragraphsIn(cell)) this.#addParagraph(paragraph, `${table}.${column}`);
      }
    }
  }

  /** Adds a form: labels with the values in the cells beside them. What has no label that is known becomes lines. */
  #addForm({ rows }: Table, texts: readonly (readonly string[])[]): void {
    rows.forEach((row, y) => {
      for (let x = 0; x < row.length;) {
        const [label = '', value = ''] = [texts[y]?.[x], texts[y]?.[x + 1]];
        const next = row[x + 1];
        const kind = labelKind(label);
        if (next && kind && !hasPictures(next)) this.values.push({ label: tight(label), kind, value });
        else if (next && (kind || CONTENT_LABEL.test(tight(label)))) this.addBlocks(next.blocks);
        else {
          this.addBlocks(row[x]?.blocks ?? []);
          x += 1;
          continue;
        }
        x += 2;
      }
    });
  }
}

/** Lays a document's blocks out as lines and pictures. */
export function layOut(blocks: readonly Block[]): LaidOut {
  const layout = new Layout();
  layout.addBlocks(blocks);
  return layout;
}
