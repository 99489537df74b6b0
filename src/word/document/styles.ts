// Runs in browser and Node: pure.
import { elementAt, numberIn, switchOf, valueOf, type XmlElement } from '../package/xml.ts';
import { numberReference, type NumberReference } from './numbering.ts';

/** The properties of a style that are read; undefined if the style leaves them to the style it is based on. */
interface Style {
  name: string | undefined;
  basedOn: string | undefined;
  size: number | undefined;
  bold: boolean | undefined;
  italic: boolean | undefined;
  align: string | undefined;
  outline: number | undefined;
  numbered: NumberReference | undefined;
}

/** How many styles a style may be based on, one after another. A file may contain a circle. */
const MOST_BASES = 12;

/** Size of type if a document states none, in half points (ISO/IEC 29500-1, 17.3.2.38). */
const DEFAULT_SIZE = 20;

function styleOf(element: XmlElement): Style {
  const paragraph = elementAt(element, 'w:pPr');
  const run = elementAt(element, 'w:rPr');
  return {
    name: valueOf(elementAt(element, 'w:name')),
    basedOn: valueOf(elementAt(element, 'w:basedOn')),
    size: numberIn(valueOf(elementAt(run, 'w:sz'))),
    bold: switchOf(elementAt(run, 'w:b')),
    italic: switchOf(elementAt(run, 'w:i')),
    align: valueOf(elementAt(paragraph, 'w:jc')),
    outline: numberIn(valueOf(elementAt(paragraph, 'w:outlineLvl'))),
    numbered: numberReference(elementAt(paragraph, 'w:numPr')),
  };
}

/** The styles of paragraphs and characters of a document. */
export class Styles {
  readonly #styles = new Map<string, Style>();
  /** Id of the style of paragraphs that name none. */
  readonly standard: string;
  /** Size of type in half points where no style states one. */
  readonly size: number;

  constructor(root: XmlElement | undefined) {
    let standard = '';
    for (const element of root?.children ?? []) {
      if (element.name !== 'w:style') continue;
      const id = element.attributes.get('w:styleId') ?? '';
      const isDefault = ['1', 'true', 'on'].includes(element.attributes.get('w:default') ?? '');
      if (element.attributes.get('w:type') === 'paragraph' && isDefault) standard = id;
      this.#styles.set(id, styleOf(element));
    }
    this.standard = standard;
    const size = elementAt(root, 'w:docDefaults', 'w:rPrDefault', 'w:rPr', 'w:sz');
    this.size = numberIn(valueOf(size)) ?? DEFAULT_SIZE;
  }

  /** Returns the name of a style; its id if it has none. */
  nameOf(id: string): string {
    return this.#styles.get(id)?.name ?? id;
  }

  /** Returns a property of a style or of those it is based on. */
  get<Key extends keyof Style>(id: string, key: Key): Style[Key] | undefined {
    let at: string | undefined = id;
    for (let steps = 0; at !== undefined && steps < MOST_BASES; steps += 1) {
      const style = this.#styles.get(at);
      if (style?.[key] !== undefined) return style[key];
      at = style?.basedOn;
    }
    return undefined;
  }
}
