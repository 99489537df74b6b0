// Runs in browser and Node: pure.
import type { PosterAnswer } from '../model/answers.ts';
import { chineseDate, chineseOrdinal } from '../text/date.ts';
import { evenLines, setTitle } from './line-breaking.ts';
import { INK, LINE, PAPER, SOFT } from './palette.ts';
import { codeOf, credit, foot, kicker, nameplate, SAMPLE, SCAN, title, titleHeight } from './parts.ts';
import type { Typefaces } from './text-runs.ts';
import { BOTTOM, EDGE, POSTER, RIGHT, PosterLayout, TOP, WIDTH } from './layout.ts';
import { picture, pixels, rule, textLine } from './svg.ts';

/** Raise it when the same facts give another picture: composition, sizes, colours, the libraries that draw. */
export const DESIGN = 1;

/** Width of the column beside a portrait photo. */
const COLUMN = 285;
const GAP = 34;

/** A photo's file to draw: its address in the drawing, and its upright size in pixels. */
export interface DrawnPhoto {
  href: string;
  width: number;
  height: number;
}

/** A landscape photo from edge to edge, with the text below it. */
function landscape(sheet: PosterLayout, photo: DrawnPhoto): string {
  const end = foot(sheet);
  const set = setTitle(sheet.sorts(sheet.facts.title, 700), WIDTH, { most: 74, least: 44 });
  const quote = sheet.facts.quote;
  const quoted = quote === undefined ? undefined : evenLines(sheet.sorts(`“${quote}”`), WIDTH / 31, 2);
  const quoteHeight = quoted ? 24 + quoted.length * 48 : 0;
  const titleTop = end.top - 44 - quoteHeight - titleHeight(set);
  const kickerBase = titleTop - 30;
  const area = { x: 0, y: TOP, width: POSTER.width, height: kickerBase - 86 - TOP };
  const first = titleTop + set.size * 0.88;
  const foots = first + (set.lines.length - 1) * set.size * 1.36;
  return (
    picture(photo.href, photo, area) +
    credit(sheet, RIGHT, area.y + area.height + 32, WIDTH) +
    kicker(sheet, kickerBase) +
    title(set, first) +
    (quoted ?? [])
      .map((line, n) => textLine(line, { x: EDGE, y: foots + 68 + n * 48, size: 31, fill: SOFT }))
      .join('') +
    end.drawn
  );
}

/** A portrait photo at the left edge, with the facts beside it and the title below. */
function portrait(sheet: PosterLayout, photo: DrawnPhoto): string {
  const { facts } = sheet;
  const set = setTitle(sheet.sorts(facts.title, 700), WIDTH, { most: 74, least: 44 });
  const titleTop = BOTTOM - 62 - titleHeight(set);
  const area = { x: 0, y: TOP, width: RIGHT - COLUMN - GAP, height: titleTop - 72 - TOP };
  const x = RIGHT - COLUMN;
  const below = area.y + area.height;
  const code = codeOf(facts.target);
  const [activity] = facts.activities;
  const numeral = facts.kind === 'story' && activity ? chineseOrdinal(activity.order) : undefined;
  const kick = sheet.lines(
    sheet.kicker,
    { x, y: TOP + (numeral ? 150 : 30), size: 30, fill: sheet.hue },
    44,
    COLUMN,
    2,
  );
  const unit = sheet.lines(facts.unit, { x, y: kick.end + 84, size: 27, fill: INK }, 42, COLUMN, 4);
  const day = unit.end + 44;
  const quote =
    facts.quote === undefined
      ? undefined
      : sheet.lines(`“${facts.quote}”`, { x, y: day + 74, size: 27, fill: SOFT }, 46, COLUMN, 6);
  const quoteFits = quote && quote.end < below - code.side - 60;
  return (
    picture(photo.href, photo, area) +
    (numeral ? sheet.line(numeral, { x, y: TOP + 82, size: 92, fill: sheet.hue }, COLUMN, 700) : '') +
    kick.drawn +
    rule(x, kick.end + 34, COLUMN, 1.5, LINE) +
    unit.drawn +
    sheet.line(chineseDate(facts.date), { x, y: day, size: 25, fill: SOFT }, COLUMN) +
    (quoteFits ? quote.drawn : '') +
    code.drawn(RIGHT, below - code.side) +
    title(set, titleTop + set.size * 0.88) +
    sheet.line(SCAN[facts.kind], { x: EDGE, y: BOTTOM, size: 24, fill: SOFT }, WIDTH / 2) +
    sheet.line(
      facts.site.sample ? SAMPLE : '',
      { x: RIGHT, y: BOTTOM, size: 20, fill: SOFT, align: 'right' },
      WIDTH / 2,
    ) +
    credit(sheet, area.x + area.width, below + 30, area.width - EDGE)
  );
}

/** No photo: the text fills the page. */
function typeAlone(sheet: PosterLayout): string {
  const end = foot(sheet);
  const set = setTitle(sheet.sorts(sheet.facts.title, 700), WIDTH, { most: 104, least: 44 });
  const [activity] = sheet.facts.activities;
  const quote = sheet.facts.quote;
  const first = TOP + 500;
  const foots = first + (set.lines.length - 1) * set.size * 1.36;
  return (
    (sheet.facts.kind === 'story' && activity
      ? sheet.line(chineseOrdinal(activity.order), { x: EDGE, y: TOP + 220, size: 190, fill: sheet.hue }, WIDTH, 700)
      : '') +
    kicker(sheet, first - set.size * 0.88 - 50) +
    title(set, first) +
    (quote === undefined
      ? ''
      : sheet.lines(`“${quote}”`, { x: EDGE, y: foots + 100, size: 36, fill: SOFT }, 60, WIDTH, 3).drawn) +
    end.drawn
  );
}

/** A poster as SVG, and the characters that no typeface has. */
export interface Composition {
  svg: string;
  missing: string[];
}

/** Composes a poster. `photo` is its first photo; undefined if it has none that can be shown. */
export function compose(facts: PosterAnswer, photo: DrawnPhoto | undefined, faces: Typefaces): Composition {
  const missing = new Set<string>();
  const sheet = new PosterLayout(facts, faces, missing);
  const stands = photo && photo.height > photo.width * 1.05;
  const body = photo ? (stands ? portrait(sheet, photo) : landscape(sheet, photo)) : typeAlone(sheet);
  const { width, height } = POSTER;
  return {
    svg:
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
      `<rect width="${pixels(width)}" height="${pixels(height)}" fill="${PAPER}"/>${nameplate(sheet)}${body}</svg>`,
    missing: [...missing],
  };
}
