// Runs in browser and Node: pure.
import type { Typeface } from './typeface.ts';

export type Weight = 500 | 700;

/** A piece of text that is drawn in one weight. */
export interface Run {
  text: string;
  weight: Weight;
}

/** A character with the weight in which it is drawn and its width. */
export interface Glyph extends Run {
  /** Width of the character in ems. */
  width: number;
}

/** The mark that is drawn instead of a character that no font has. Printers use this mark for missing characters. */
export const MISSING = '〓';

/** Invisible characters, which are not drawn. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cs}]/gu;

const clusters = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/**
 * The posters' typeface in two weights. The bold font has every Han character from U+4E00 to U+9FFF, the medium font
 * only the common ones.
 */
export interface Typefaces {
  medium: Typeface;
  bold: Typeface;
}

/**
 * Returns the glyphs of a text in a weight, with each run of white space as one space. A character that the medium font
 * lacks is drawn bold. For a character that both fonts lack, the glyph is MISSING, so that readers notice it, and
 * `note` is called with the character.
 */
export function glyphsOf(
  text: string,
  weight: Weight,
  { medium, bold }: Typefaces,
  note: (missing: string) => void = () => undefined,
): Glyph[] {
  const normal = text.normalize('NFC').replaceAll('\ufeff', '').replace(/\s+/gu, ' ').trim();
  return Array.from(clusters.segment(normal), ({ segment }) => segment).flatMap((cluster): Glyph[] => {
    const [character = '', ...marks] = cluster.replace(UNSEEN, '');
    if (character === '') return [];
    const own = weight === 500 ? medium.widthOf(character) : undefined;
    const width = own ?? bold.widthOf(character);
    if (width !== undefined && marks.length === 0)
      return [{ text: character, weight: own === undefined ? 700 : weight, width }];
    note(cluster);
    return [{ text: MISSING, weight: 700, width: bold.widthOf(MISSING) ?? 1 }];
  });
}

export function widthOf(glyphs: readonly Glyph[]): number {
  return glyphs.reduce((sum, { width }) => sum + width, 0);
}

/** Returns the text of glyphs, divided where the weight changes. */
export function runsOf(glyphs: readonly Glyph[]): Run[] {
  const runs: Run[] = [];
  for (const { text, weight } of glyphs) {
    const last = runs.at(-1);
    if (last?.weight === weight) last.text += text;
    else runs.push({ text, weight });
  }
  return runs;
}
