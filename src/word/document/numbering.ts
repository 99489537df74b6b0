// Runs in browser and Node: pure.
import { elementAt, numberIn, valueOf, type XmlElement } from '../package/xml.ts';
import type { ListMark } from './blocks.ts';
import { numberText } from './number-text.ts';

/** A level of a numbering. `text` contains `%1` to `%9`, the places of the numbers of the levels. */
interface Level {
  format: string;
  text: string;
  start: number;
}

/** A numbering that paragraphs refer to. Numberings with the same definition count together. */
interface Numbered {
  definition: string;
  /** Changed levels, by their number. */
  levels: Map<number, Level>;
  /** Numbers with which levels start again, by level. Each is used once. */
  restarts: Map<number, number>;
}

/** Number of levels of a numbering, and the greatest length of the text of a level. */
const LEVELS = 9;
const MOST_TEXT = 40;

/** A paragraph's reference to a numbering, or that of its style. */
export interface NumberReference {
  id: string;
  level: number;
}

/** Reads the properties `w:numPr` of a paragraph or style. */
export function numberReference(element: XmlElement | undefined): NumberReference | undefined {
  if (!element) return undefined;
  return {
    id: valueOf(elementAt(element, 'w:numId')) ?? '0',
    level: numberIn(valueOf(elementAt(element, 'w:ilvl'))) ?? 0,
  };
}

function levelOf(element: XmlElement): Level {
  return {
    format: valueOf(elementAt(element, 'w:numFmt')) ?? 'decimal',
    text: (valueOf(elementAt(element, 'w:lvlText')) ?? '').slice(0, MOST_TEXT),
    start: numberIn(valueOf(elementAt(element, 'w:start'))) ?? 1,
  };
}

function levelsIn(element: XmlElement): Map<number, Level> {
  const levels = element.children.filter(({ name }) => name === 'w:lvl').slice(0, LEVELS);
  return new Map(levels.map((level, index) => [numberIn(level.attributes.get('w:ilvl')) ?? index, levelOf(level)]));
}

function numberedIn(element: XmlElement): Numbered {
  const numbered: Numbered = {
    definition: valueOf(elementAt(element, 'w:abstractNumId')) ?? '',
    levels: new Map(),
    restarts: new Map(),
  };
  for (const override of element.children.filter(({ name }) => name === 'w:lvlOverride').slice(0, LEVELS)) {
    const level = numberIn(override.attributes.get('w:ilvl')) ?? 0;
    const changed = elementAt(override, 'w:lvl');
    if (changed) numbered.levels.set(level, levelOf(changed));
    const start = numberIn(valueOf(elementAt(override, 'w:startOverride')));
    if (start !== undefined) numbered.restarts.set(level, start);
  }
  return numbered;
}

/** The automatic numbering of a document: the numbers are not in its text, and are counted here. */
export class Numbering {
  readonly #definitions = new Map<string, Map<number, Level>>();
  readonly #numbered = new Map<string, Numbered>();
  /** The last numbers of the levels, by definition. */
  readonly #counts = new Map<string, number[]>();

  constructor(root: XmlElement | undefined) {
    for (const element of root?.children ?? []) {
      if (element.name === 'w:abstractNum') {
        this.#definitions.set(element.attributes.get('w:abstractNumId') ?? '', levelsIn(element));
      }
      if (element.name === 'w:num') {
        this.#numbered.set(element.attributes.get('w:numId') ?? '', numberedIn(element));
      }
    }
  }

  /** Counts a paragraph and returns its mark; undefined if the reference names no numbering. */
  next({ id, level }: NumberReference): ListMark | undefined {
    const numbered = this.#numbered.get(id);
    if (!numbered || !Number.isInteger(level) || level < 0 || level >= LEVELS) return undefined;
    const levels = new Map([...(this.#definitions.get(numbered.definition) ?? []), ...numbered.levels]);
    const own = levels.get(level);
    if (!own || own.format === 'none') return undefined;
    if (own.format === 'bullet') return { label: '', bullet: true, level };
    const counts = this.#counts.get(numbered.definition) ?? [];
    const restart = numbered.restarts.get(level);
    numbered.restarts.delete(level);
    counts[level] = restart ?? (counts[level] ?? own.start - 1) + 1;
    counts.length = level + 1;
    this.#counts.set(numbered.definition, counts);
    const label = own.text.replace(/%([1-9])/gu, (_, place: string) => {
      const at = Number(place) - 1;
      const { format = 'decimal', start = 1 } = levels.get(at) ?? {};
      return numberText(format, counts[at] ?? start);
    });
    return { label, bullet: false, level };
  }
}
