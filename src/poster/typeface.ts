// Runs in browser and Node: pure. Reads the tables of an OpenType font that are needed to measure a line (ISO/IEC
// 14496-22).

/** A font: the characters that it can draw, and their widths. */
export interface Typeface {
  /** Returns the width of a character in ems; undefined if the font has no glyph for it. */
  widthOf(character: string): number | undefined;
}

/** Returns the offsets of a font's tables in bytes, by tag. */
function tablesOf(font: DataView): Map<string, number> {
  const tables = new Map<string, number>();
  for (let n = 0; n < font.getUint16(4); n += 1) {
    const at = 12 + 16 * n;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((byte) => font.getUint8(at + byte)));
    tables.set(tag, font.getUint32(at + 8));
  }
  return tables;
}

/**
 * Returns the offset in bytes of the character table of format 12 (“segmented coverage” of all of Unicode). `cmap` is
 * the offset of the cmap table. Returns undefined if there is no table of this format.
 */
function coverageIn(font: DataView, cmap: number): number | undefined {
  for (let n = 0; n < font.getUint16(cmap + 2); n += 1) {
    const at = cmap + font.getUint32(cmap + 4 + 8 * n + 4);
    if (font.getUint16(at) === 12) return at;
  }
  return undefined;
}

/**
 * Reads a font whose cmap has format 12, as every font with rare Han characters has.
 *
 * @throws TypeError if the font lacks a table that is read or has no cmap of format 12; RangeError if the file is cut
 * off.
 */
export function readTypeface(bytes: Uint8Array): Typeface {
  const font = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = tablesOf(font);
  const [head, hhea, hmtx, cmap] = ['head', 'hhea', 'hmtx', 'cmap'].map((tag) => tables.get(tag));
  const coverage = cmap === undefined ? undefined : coverageIn(font, cmap);
  if (head === undefined || hhea === undefined || hmtx === undefined || coverage === undefined) {
    throw new TypeError('This is no OpenType font with a cmap of format 12.');
  }
  const unitsPerEm = font.getUint16(head + 18);
  const measured = font.getUint16(hhea + 34);
  const groups = font.getUint32(coverage + 12);
  const first = coverage + 16;

  /** Returns the index of the last group of the cmap that begins at or before a code point; -1 if there is none. */
  function groupOf(codePoint: number): number {
    let low = 0;
    let high = groups;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (font.getUint32(first + 12 * middle) <= codePoint) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  return {
    widthOf(character) {
      const codePoint = character.codePointAt(0) ?? 0;
      const group = groupOf(codePoint);
      if (group < 0) return undefined;
      const at = first + 12 * group;
      if (codePoint > font.getUint32(at + 4)) return undefined;
      const glyph = font.getUint32(at + 8) + codePoint - font.getUint32(at);
      // The last stored width also applies to all glyphs after it.
      return font.getUint16(hmtx + 4 * Math.min(glyph, measured - 1)) / unitsPerEm;
    },
  };
}
