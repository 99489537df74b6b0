// Runs in browser and Node: pure.
import { shiftedDigits } from '../../text/shifted-digits.ts';
import { LIMITS } from '../package/limits.ts';
import { oversized } from '../package/refusal.ts';
import type { Relation } from '../package/relations.ts';
import { elementAt, numberIn, switchOf, valueOf, type XmlElement } from '../package/xml.ts';
import { chosenContent } from './alternate-content.ts';
import { noLosses, type Block, type Cell, type Paragraph, type Run } from './blocks.ts';
import { ComplexFields } from './complex-fields.ts';
import { readDrawing } from './drawings.ts';
import { linkTarget } from './link-target.ts';
import { numberReference, type Numbering } from './numbering.ts';
import type { Styles } from './styles.ts';

/** The parts of a document that its body is read with. */
export interface BodyParts {
  styles: Styles;
  numbering: Numbering;
  relations: ReadonlyMap<string, Relation>;
  /** Texts of footnotes and endnotes, by the name of their reference element and their id: `w:footnoteReference:2`. */
  notes: ReadonlyMap<string, string>;
  hasPart(name: string): boolean;
}

/** Where an element is: the paragraph that it belongs to, and what is found in it. */
interface Place {
  paragraph: Paragraph;
  /** Id of the paragraph's style. */
  style: string;
  /** The blocks of text boxes that are anchored in the paragraph. */
  boxes: Block[];
  href: string | undefined;
}

/** Characters without width that Word documents contain and nobody sees: soft hyphen, zero-width space, joiner, mark. */
const UNSEEN = /[\u00ad\u200b\u2060\ufeff]/gu;

/** Values of `w:vertAlign` for text above and below the line. */
const SHIFTS: ReadonlyMap<string, 'above' | 'below'> = new Map([
  ['superscript', 'above'],
  ['subscript', 'below'],
]);

/** Greatest number of columns that a cell covers. Word's own limit is 63. */
const MOST_SPAN = 63;

/** Returns the children of an element, with those of content controls instead of the controls. */
function withoutControls(element: XmlElement): XmlElement[] {
  return element.children.flatMap((child) =>
    child.name === 'w:sdt' ? withoutControls(elementAt(child, 'w:sdtContent') ?? child) : [child],
  );
}

/** Returns the character of `w:sym`. Symbol fonts have their own characters: those become bullets. */
function symbolOf(code: string | undefined): string {
  const point = Number.parseInt(code ?? '', 16);
  if (Number.isNaN(point) || point > 0xffff) return '';
  return point >= 0xf000 && point <= 0xf0ff ? '•' : String.fromCharCode(point);
}

/**
 * Reads the body of a document into blocks. Tracked changes are read as accepted. What cannot be read is counted
 * (`losses`).
 */
export class BlockReader {
  readonly losses = noLosses();
  readonly #parts: BodyParts;
  readonly #fields = new ComplexFields();
  /** What precedes the next paragraph since the mark between them was deleted: accepted, both are one paragraph. */
  #carried: Pick<Paragraph, 'runs' | 'pictures'> = { runs: [], pictures: [] };
  #characters = 0;

  constructor(parts: BodyParts) {
    this.#parts = parts;
  }

  /** Reads the body. @throws WordRefused if it has too much text. */
  read(body: XmlElement): Block[] {
    const blocks = this.#blocks(body, false);
    const { runs, pictures } = this.#carried;
    if (runs.length > 0 || pictures.length > 0)
      blocks.push({ ...this.#emptyParagraph('', undefined, false), ...this.#carried });
    return blocks;
  }

  #blocks(parent: XmlElement, boxed: boolean): Block[] {
    return withoutControls(parent).flatMap((element) => this.#block(element, boxed));
  }

  #block(element: XmlElement, boxed: boolean): Block[] {
    switch (element.name) {
      case 'w:p':
        return this.#paragraph(element, boxed);
      case 'w:tbl':
        return [{ kind: 'table', rows: this.#rows(element, boxed) }];
      case 'mc:AlternateContent':
        return chosenContent(element).flatMap((child) => this.#block(child, boxed));
      case 'w:del':
        this.losses.deleted += 1;
        return [];
      case 'w:moveFrom':
        this.losses.moved += 1;
        return [];
      case 'w:altChunk':
        this.losses.embeddedDocuments += 1;
        return [];
      default:
        // Any other element only encloses blocks, or has none.
        return this.#blocks(element, boxed);
    }
  }

  #rows(table: XmlElement, boxed: boolean): Cell[][] {
    const rows = withoutControls(table).filter((row) => row.name === 'w:tr' && !elementAt(row, 'w:trPr', 'w:del'));
    return rows.map((row) =>
      withoutControls(row)
        .filter(({ name }) => name === 'w:tc')
        .map((cell) => {
          const span = numberIn(valueOf(elementAt(cell, 'w:tcPr', 'w:gridSpan'))) ?? 1;
          return { blocks: this.#blocks(cell, boxed), span: Math.min(Math.max(Math.trunc(span), 1), MOST_SPAN) };
        }),
    );
  }

  #emptyParagraph(style: string, properties: XmlElement | undefined, boxed: boolean): Paragraph {
    const { styles } = this.#parts;
    const outline = numberIn(valueOf(elementAt(properties, 'w:outlineLvl'))) ?? styles.get(style, 'outline');
    return {
      kind: 'paragraph',
      runs: [],
      pictures: [],
      align: valueOf(elementAt(properties, 'w:jc')) ?? styles.get(style, 'align') ?? 'left',
      style: styles.nameOf(style),
      outline: outline ?? 9,
      size: 0,
      list: undefined,
      boxed,
    };
  }

  #paragraph(element: XmlElement, boxed: boolean): Block[] {
    const { styles, numbering } = this.#parts;
    const properties = elementAt(element, 'w:pPr');
    const style = valueOf(elementAt(properties, 'w:pStyle')) ?? styles.standard;
    const paragraph: Paragraph = { ...this.#emptyParagraph(style, properties, boxed), ...this.#carried };
    this.#carried = { runs: [], pictures: [] };
    const place: Place = { paragraph, style, boxes: [], href: undefined };
    for (const child of element.children) if (child !== properties) this.#inline(child, place);
    if (elementAt(properties, 'w:rPr', 'w:del')) {
      this.losses.deleted += 1;
      this.#carried = { runs: paragraph.runs, pictures: paragraph.pictures };
      return place.boxes;
    }
    if (paragraph.size === 0) paragraph.size = styles.get(style, 'size') ?? styles.size;
    const reference = numberReference(elementAt(properties, 'w:numPr')) ?? styles.get(style, 'numbered');
    if (reference && paragraph.runs.some(({ text }) => text.trim() !== '')) paragraph.list = numbering.next(reference);
    return [paragraph, ...place.boxes];
  }

  #inline(element: XmlElement, place: Place): void {
    const { losses } = this;
    switch (element.name) {
      case 'w:r':
        this.#run(element, place);
        return;
      case 'w:hyperlink': {
        const relation = this.#parts.relations.get(element.attributes.get('r:id') ?? '');
        const href = relation?.external ? linkTarget(relation.target) : undefined;
        for (const child of element.children) this.#inline(child, { ...place, href });
        return;
      }
      case 'w:ins':
        losses.inserted += 1;
        break;
      case 'w:del':
        losses.deleted += 1;
        return;
      case 'w:moveFrom':
        losses.moved += 1;
        return;
      case 'm:oMath':
      case 'm:oMathPara':
        losses.formulas += 1;
        return;
      case 'mc:AlternateContent':
        for (const child of chosenContent(element)) this.#inline(child, place);
        return;
      case 'w:sdt':
        for (const child of withoutControls(elementAt(element, 'w:sdtContent') ?? element)) this.#inline(child, place);
        return;
      default:
        // Any other element only encloses runs, or has none.
        break;
    }
    for (const child of element.children) this.#inline(child, place);
  }

  #run(element: XmlElement, place: Place): void {
    const { styles } = this.#parts;
    const properties = elementAt(element, 'w:rPr');
    const isHidden = switchOf(elementAt(properties, 'w:vanish')) === true;
    if (isHidden && element.children.some(({ name, text }) => name === 'w:t' && text.trim() !== '')) {
      this.losses.hidden += 1;
    }
    if (isHidden) return;
    const isStruck = ['w:strike', 'w:dstrike'].some((name) => switchOf(elementAt(properties, name)) === true);
    if (isStruck && element.children.some(({ name, text }) => name === 'w:t' && text.trim() !== '')) {
      this.losses.struck += 1;
    }
    const shift = this.#shiftOf(properties, place);
    const own = valueOf(elementAt(properties, 'w:rStyle')) ?? '';
    const look = {
      bold:
        switchOf(elementAt(properties, 'w:b')) ?? styles.get(own, 'bold') ?? styles.get(place.style, 'bold') ?? false,
      italic:
        switchOf(elementAt(properties, 'w:i')) ??
        styles.get(own, 'italic') ??
        styles.get(place.style, 'italic') ??
        false,
    };
    const size = numberIn(valueOf(elementAt(properties, 'w:sz')));
    if (size !== undefined && element.children.some(({ name, text }) => name === 'w:t' && text.trim() !== '')) {
      place.paragraph.size = Math.max(place.paragraph.size, size);
    }
    for (const child of element.children) this.#runContent(child, place, look, shift);
  }

  /**
   * Returns whether a run is above or below the line. LibreOffice writes such runs as smaller ones in a shifted
   * position.
   */
  #shiftOf(properties: XmlElement | undefined, { style }: Place): 'above' | 'below' | undefined {
    const { styles } = this.#parts;
    const aligned = SHIFTS.get(valueOf(elementAt(properties, 'w:vertAlign')) ?? '');
    const position = numberIn(valueOf(elementAt(properties, 'w:position'))) ?? 0;
    const size = numberIn(valueOf(elementAt(properties, 'w:sz')));
    if (aligned || position === 0 || size === undefined) return aligned;
    if (size >= (styles.get(style, 'size') ?? styles.size)) return undefined;
    return position > 0 ? 'above' : 'below';
  }

  #runContent(element: XmlElement, place: Place, look: Pick<Run, 'bold' | 'italic'>, shift?: 'above' | 'below'): void {
    const add = (text: string): void => this.#addText(text, place, look);
    switch (element.name) {
      case 'w:t':
        add((shift && shiftedDigits(element.text.trim(), shift)) ?? element.text);
        return;
      case 'w:tab':
      case 'w:ptab':
        add('\t');
        return;
      case 'w:br':
        // A page break is no line break: its type is not stated or `textWrapping` for the latter.
        if (!['page', 'column'].includes(element.attributes.get('w:type') ?? '')) add('\n');
        return;
      case 'w:cr':
        add('\n');
        return;
      case 'w:noBreakHyphen':
        add('-');
        return;
      case 'w:sym':
        add(symbolOf(element.attributes.get('w:char')));
        return;
      case 'w:fldChar':
        this.#fields.mark(element.attributes.get('w:fldCharType'));
        return;
      case 'w:instrText':
        this.#fields.instruct(element.text);
        return;
      case 'w:ruby':
        for (const child of elementAt(element, 'w:rubyBase')?.children ?? []) this.#inline(child, place);
        return;
      case 'w:footnoteReference':
      case 'w:endnoteReference': {
        const note = this.#parts.notes.get(`${element.name}:${element.attributes.get('w:id') ?? ''}`);
        if (note === undefined) return;
        this.losses.footnotes += 1;
        add(`（注：${note.replace(/[。.]$/u, '')}）`);
        return;
      }
      case 'mc:AlternateContent':
        for (const child of chosenContent(element)) this.#runContent(child, place, look, shift);
        return;
      case 'w:drawing':
      case 'w:pict':
      case 'w:object': {
        const { relations, hasPart } = this.#parts;
        const { losses } = this;
        const readBox = (box: XmlElement): Block[] => this.#blocks(box, true);
        const { pictures, boxes } = readDrawing(element, { relations, hasPart, losses, readBox });
        for (const picture of pictures) place.paragraph.pictures.push(picture);
        for (const block of boxes) place.boxes.push(block);
        return;
      }
      default:
    }
  }

  #addText(written: string, { paragraph, href }: Place, look: Pick<Run, 'bold' | 'italic'>): void {
    const text = written.replace(UNSEEN, '');
    if (text === '') return;
    if (!this.#fields.isShown) {
      if (text.trim() !== '') this.losses.hidden += 1;
      return;
    }
    this.#characters += text.length;
    if (this.#characters > LIMITS.characters) throw oversized('文档里的文字太长，不像一篇稿件');
    paragraph.runs.push({ text, ...look, href: href ?? this.#fields.href });
  }
}
