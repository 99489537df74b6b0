// Runs in browser and Node: pure.
import type { Typeface } from './typeface.ts';

export type Weight = 500 | 700;

/** Characters that are drawn in one weight. */
export interface Run {
  text: string;
  weight: Weight;
}

/** A character ready to be drawn. */
export interface Glyph extends Run {
  /** In ems. */
  width: number;
}

/** Drawn for a character that no font has: the printers' mark for a missing character. */
export const MISSING = '〓';

/** Invisible characters: they have no glyph and need none. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cs}]/gu;

const clusters = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/** Both weights of the posters' typeface. The bold one has every Han character, the other the common ones. */
export interface Typefaces {
  medium: Typeface;
  bold: Typeface;
}

/**
 * Returns the glyphs of a text. A character that the weight lacks is drawn bold; one that both weights lack is drawn as
 * `MISSING`, so that readers notice, and passed to `note`.
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

/** Groups glyphs into runs of one weight. */
export function runsOf(glyphs: readonly Glyph[]): Run[] {
  const runs: Run[] = [];
  for (const { text, weight } of glyphs) {
    const last = runs.at(-1);
    if (last?.weight === weight) last.text += text;
    else runs.push({ text, weight });
  }
  return runs;
}
