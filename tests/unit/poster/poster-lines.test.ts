import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { evenLines, filledLines, seenWidth } from '../../../src/poster/line-breaking.ts';
import { setTitle } from '../../../src/poster/title-size.ts';
import { INK, LINE, PAPER, RED, SOFT } from '../../../src/poster/palette.ts';
import { MISSING, glyphsOf, type Glyph } from '../../../src/poster/text-runs.ts';
import { readTypeface } from '../../../src/poster/typeface.ts';

function typeface(name: string) {
  const file = new URL(`../../../src/poster/font/${name}.ttf.br`, import.meta.url);
  return readTypeface(brotliDecompressSync(readFileSync(file)));
}

const faces = { bold: typeface('song-bold'), medium: typeface('song-medium') };
const glyphs = (text: string) => glyphsOf(text, 700, faces);
const textOf = (line: readonly Glyph[]) => line.map(({ text }) => text).join('');
const textsOf = (lines: readonly Glyph[][]) => lines.map(textOf);
const SIZES = { most: 74, least: 44 };
const title = (text: string) => setTitle(glyphs(text), 912, SIZES);

test('A short title is set in one large line; one with a pause breaks after it', () => {
  expect(title('泵房')).toMatchObject({ size: 74, lines: [glyphs('泵房')] });
  expect(textsOf(title('灯亮到九点半，这张桌子一直没收').lines)).toEqual(['灯亮到九点半，', '这张桌子一直没收']);
});

test('Titles of every length up to 40 fit in two lines, whole and no smaller than necessary', () => {
  for (let length = 2; length <= 40; length += 1) {
    const text = '和你在一起'.repeat(8).slice(0, length);
    const { lines, size } = title(text);
    expect(lines.length).toBeLessThanOrEqual(2);
    expect(textsOf(lines).join('')).toBe(text);
    for (const line of lines) expect(seenWidth(line) * size).toBeLessThanOrEqual(912);
    expect(size).toBeGreaterThanOrEqual(length > 24 ? 44 : 74);
  }
});

test('A title that cannot fit is cut with an ellipsis, but not after a comma', () => {
  const { lines, size } = title('一二三四五六七八九十'.repeat(3) + '一二三四五六七八，九十'.repeat(3));
  expect(size).toBe(44);
  expect(lines).toHaveLength(2);
  expect(textsOf(lines)[1]).toMatch(/[^，]…$/u);
  for (const line of lines) expect(seenWidth(line) * size).toBeLessThanOrEqual(912);
});

test('No line begins with closing or ends with opening punctuation, at any width', () => {
  const text = '修武县“职工法律援助（维权）服务志愿团”走进《工地》：帮37名工友，讨回工钱……再回家！';
  for (let width = 4; width < 30; width += 0.5) {
    const lines = textsOf(filledLines(glyphs(text), width, 99));
    expect(lines.join('')).toBe(text);
    for (const line of lines.slice(1)) expect(line).toMatch(/^[^，。！？：；、”’）》…]/u);
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/[^“‘（《]$/u);
  }
});

test('Words and numbers stay whole, and spaces at the ends of lines are removed', () => {
  const lines = textsOf(filledLines(glyphs('在 COVID-19 期间服务 12,351 小时的 Zhang San 师傅'), 6, 99));
  for (const word of ['COVID-19', '12,351', 'Zhang', 'San'])
    expect(lines.some((line) => line.includes(word))).toBe(true);
  for (const line of lines) expect(line).toBe(line.trim());
});

test('A word longer than a line is broken, and nothing is lost', () => {
  const lines = textsOf(filledLines(glyphs('Donaudampfschifffahrtsgesellschaft'), 4, 99));
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.join('')).toBe('Donaudampfschifffahrtsgesellschaft');
});

test('Two lines are balanced, so that the last character of a bracket does not stand alone', () => {
  const [, second = []] = evenLines(glyphs('修武县云台山旅游服务行业工会联合会（示例）'), 20, 2);
  expect(second.length).toBeGreaterThan(5);
});

test('Every character in names of the mainland has a glyph: GB 2312, GBK’s Han characters, 通用规范汉字表 beyond them', () => {
  const missing: string[] = [];
  const note = (character: string) => missing.push(character);
  for (let code = 0x4e00; code <= 0x9fa5; code += 1) glyphsOf(String.fromCodePoint(code), 500, faces, note);
  glyphsOf('㛃䶮𬭚𬬻𬸪𫖯𬱖鿍鿏，。“”（）《》—…·0123456789AZaz é ü ０', 500, faces, note);
  expect(missing).toEqual([]);
});

test('A character missing in the medium weight is taken from the bold one', () => {
  expect(glyphsOf('小堃', 500, faces).map(({ weight }) => weight)).toEqual([500, 700]);
});

test('A character missing in both is shown as a mark and reported, one mark for each grapheme', () => {
  const missing: string[] = [];
  const set = glyphsOf('李𰻝👨‍👩‍👧家', 700, faces, (character) => missing.push(character));
  expect(textOf(set)).toBe(`李${MISSING}${MISSING}家`);
  expect(missing).toEqual(['𰻝', '👨‍👩‍👧']);
});

test('Invisible characters take no space: zero-width characters, controls, line ends', () => {
  expect(textOf(glyphs(' 和\u200b你\u0007\n在\ufeff一起\ufe0f '))).toBe('和你 在一起');
});

test('Half-width letters are narrower than Han characters, as in the font', () => {
  const [letter, han] = glyphs('i和');
  expect(letter?.width).toBeLessThan(0.5);
  expect(han?.width).toBe(1);
});

test('A file that is no such font is refused', () => {
  expect(() => readTypeface(new Uint8Array(64))).toThrow(TypeError);
});

test('The colours are the site’s light colours', () => {
  const css = readFileSync(new URL('../../../src/styles/colours.css', import.meta.url), 'utf8');
  const value = (name: string) => new RegExp(`--${name}: var\\(--light, (#[0-9a-f]{6})`, 'u').exec(css)?.[1];
  expect([PAPER, INK, SOFT, LINE, RED]).toEqual(['paper', 'ink', 'soft', 'line', 'red'].map(value));
});
