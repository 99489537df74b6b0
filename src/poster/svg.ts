// Runs in browser and Node: pure.
import { xmlText } from '../text/xml.ts';
import { indentOf } from './line-breaking.ts';
import { runsOf, widthOf, type Glyph } from './text-runs.ts';

/** Name of the typeface, which is the same in both font files. */
const FAMILY = 'Noto Serif SC';

/**
 * The position and style of a line of text. `x` is the left end, middle or right end of the line, depending on `align`;
 * `y` is its baseline. `x`, `y` and `size` are in pixels.
 */
export interface Placed {
  x: number;
  y: number;
  size: number;
  fill: string;
  align?: 'left' | 'middle' | 'right';
  /** Space between characters, in ems. */
  spacing?: number;
}

/** Returns a number of pixels as a text with at most two decimals. */
export function pixels(n: number): string {
  return String(Math.round(n * 100) / 100);
}

/** Returns the width of a line in pixels, with the space between its characters. */
export function lineWidth(line: readonly Glyph[], { size, spacing = 0 }: Pick<Placed, 'size' | 'spacing'>): number {
  return size * (widthOf(line) + spacing * Math.max(0, line.length - 1));
}

/**
 * Returns the SVG of a line of text. A left-aligned line that begins with an opening bracket or quotation mark is moved
 * to the left, so that its first stroke is at `x` (see indentOf).
 */
export function textLine(line: readonly Glyph[], placed: Placed): string {
  const { y, size, fill, align = 'left', spacing = 0 } = placed;
  const before = { left: size * indentOf(line), middle: lineWidth(line, placed) / 2, right: lineWidth(line, placed) };
  const x = placed.x - before[align];
  const runs = runsOf(line)
    .map(({ text, weight }) => `<tspan font-weight="${weight}">${xmlText(text)}</tspan>`)
    .join('');
  const apart = spacing === 0 ? '' : ` letter-spacing="${pixels(spacing * size)}"`;
  return `<text x="${pixels(x)}" y="${pixels(y)}" font-family="${FAMILY}" font-size="${pixels(size)}" fill="${fill}"${apart} xml:space="preserve">${runs}</text>`;
}

/** Returns the SVG of a horizontal rule. `x` and `y` are its upper left corner; all measures are in pixels. */
export function rule(x: number, y: number, width: number, thickness: number, fill: string): string {
  return `<rect x="${pixels(x)}" y="${pixels(y)}" width="${pixels(width)}" height="${pixels(thickness)}" fill="${fill}"/>`;
}

/**
 * Returns the SVG of the diamond before the kicker. `x` and `y` are its centre; `radius` is the distance from the
 * centre to a corner, in pixels.
 */
export function diamond(x: number, y: number, radius: number, fill: string): string {
  return `<path d="M${pixels(x - radius)} ${pixels(y)}l${radius} ${-radius}l${radius} ${radius}l${-radius} ${radius}z" fill="${fill}"/>`;
}

/** A rectangle in pixels. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Share of a picture's excess height that is cut off at the top, if the picture is higher than its area. It is less
 * than half, because faces are usually above the middle.
 */
const FOCUS = 0.44;

/**
 * Returns the SVG of a picture that fills an area. What exceeds the area is cut off. `href` is the URL of the picture,
 * `size` its size in pixels.
 */
export function picture(href: string, size: { width: number; height: number }, area: Area): string {
  const scale = Math.max(area.width / size.width, area.height / size.height);
  const width = size.width * scale;
  const height = size.height * scale;
  const x = (area.width - width) / 2;
  const y = (area.height - height) * FOCUS;
  const { x: left, y: top } = area;
  return (
    `<svg x="${pixels(left)}" y="${pixels(top)}" width="${pixels(area.width)}" height="${pixels(area.height)}">` +
    `<image x="${pixels(x)}" y="${pixels(y)}" width="${pixels(width)}" height="${pixels(height)}" preserveAspectRatio="none" href="${href}"/></svg>`
  );
}
