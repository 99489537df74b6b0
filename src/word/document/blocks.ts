// Runs in browser and Node: pure. The content of a document, as blocks.

/** A piece of text with one look. A soft line break is `\n`. */
export interface Run {
  text: string;
  bold: boolean;
  italic: boolean;
  /** URL of a link, with the scheme http, https, mailto or tel. */
  href: string | undefined;
}

/** A picture, whose bytes are a part of the package. */
export interface Picture {
  part: string;
  /** Whether Word shows only a section of the picture. The part always contains the whole. */
  cropped: boolean;
  /** Alternative text. */
  alt: string;
  /** Width on the page in centimetres; undefined if the document does not state it. */
  width: number | undefined;
}

/** The mark of a list item or a numbered paragraph. */
export interface ListMark {
  /** The number as it is shown, for example 一、 or 1.; empty for a bullet. */
  label: string;
  bullet: boolean;
  /** Level from 0. */
  level: number;
}

export interface Paragraph {
  kind: 'paragraph';
  runs: Run[];
  pictures: Picture[];
  /** Alignment: `left`, `center`, `right`, `both` and others of ST_Jc. */
  align: string;
  /** Name of the style, not its id: `heading 1`, `caption` … */
  style: string;
  /** Outline level of a heading, from 0; 9 for text. */
  outline: number;
  /** Greatest size of type in half points. */
  size: number;
  list: ListMark | undefined;
  /** Whether the paragraph is in a text box. */
  boxed: boolean;
}

export interface Cell {
  blocks: Block[];
  /** Number of columns of the table that the cell covers. */
  span: number;
}

export interface Table {
  kind: 'table';
  rows: Cell[][];
}

export type Block = Paragraph | Table;

/** How many things of each kind were changed or left out when a document was read. */
export interface Losses {
  inserted: number;
  deleted: number;
  moved: number;
  comments: number;
  footnotes: number;
  hidden: number;
  /** Pieces of text that are struck through. */
  struck: number;
  formulas: number;
  objects: number;
  charts: number;
  linkedPictures: number;
  missingPictures: number;
  vectorPictures: number;
  embeddedDocuments: number;
  /** Texts of headers and footers, without page numbers. */
  margins: string[];
}

/** Returns counts of nothing. */
export function noLosses(): Losses {
  return {
    inserted: 0,
    deleted: 0,
    moved: 0,
    comments: 0,
    footnotes: 0,
    hidden: 0,
    struck: 0,
    formulas: 0,
    objects: 0,
    charts: 0,
    linkedPictures: 0,
    missingPictures: 0,
    vectorPictures: 0,
    embeddedDocuments: 0,
    margins: [],
  };
}

/** Returns the text of runs. */
export function textOf(runs: readonly Run[]): string {
  return runs.map(({ text }) => text).join('');
}
