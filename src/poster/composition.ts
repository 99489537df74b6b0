// Runs in browser and Node: pure.
import type { PosterFacts } from '../model/view-models.ts';
import { chineseDate, chineseOrdinal } from '../text/date.ts';
import { evenLines } from './line-breaking.ts';
import { INK, LINE, PAPER, SOFT } from './palette.ts';
import { codeOf, credit, foot, kicker, nameplate, SAMPLE, SCAN, title, titleHeight } from './poster-blocks.ts';
import type { Typefaces } from './text-runs.ts';
import { BOTTOM, EDGE, POSTER, RIGHT, PosterLayout, TOP, WIDTH } from './layout.ts';
import { picture, pixels, rule, textLine } from './svg.ts';
import { setTitle, TITLE_LEADING, TITLE_SIZE } from './title-size.ts';

/**
 * Version of the design. Raise it when the same facts give another picture: because of the composition, sizes, colours,
 * or the libraries that draw.
 */
export const DESIGN = 1;

/** Width of the column beside a portrait photo, in pixels. */
const COLUMN = 285;
const GAP = 34;

/** A photo to draw: its `data:` URL, and its size in pixels, turned upright. */
export interface DrawnPhoto {
  href: string;
  width: number;
  height: number;
}

/** Returns the SVG of a poster with a landscape photo from edge to edge and the text below it. */
function landscape(layout: PosterLayout, photo: DrawnPhoto): string {
  const end = foot(layout);
  const set = setTitle(layout.glyphs(layout.facts.title, 700), WIDTH, TITLE_SIZE.withPhoto);
  const quote = layout.facts.quote;
  const quoted = quote === undefined ? undefined : evenLines(layout.glyphs(`“${quote}”`), WIDTH / 31, 2);
  const quoteHeight = quoted ? 24 + quoted.length * 48 : 0;
  const titleTop = end.top - 44 - quoteHeight - titleHeight(set);
  const kickerBase = titleTop - 30;
  const area = { x: 0, y: TOP, width: POSTER.width, height: kickerBase - 86 - TOP };
  const first = titleTop + set.size * 0.88;
  const lastBaseline = first + (set.lines.length - 1) * set.size * TITLE_LEADING;
  return (
    picture(photo.href, photo, area) +
    credit(layout, RIGHT, area.y + area.height + 32, WIDTH) +
    kicker(layout, kickerBase) +
    title(set, first) +
    (quoted ?? [])
      .map((line, n) => textLine(line, { x: EDGE, y: lastBaseline + 68 + n * 48, size: 31, fill: SOFT }))
      .join('') +
    end.drawn
  );
}

/** Returns the SVG of a poster with a portrait photo at the left edge, the facts beside it and the title below it. */
function portrait(layout: PosterLayout, photo: DrawnPhoto): string {
  const { facts } = layout;
  const set = setTitle(layout.glyphs(facts.title, 700), WIDTH, TITLE_SIZE.withPhoto);
  const titleTop = BOTTOM - 62 - titleHeight(set);
  const area = { x: 0, y: TOP, width: RIGHT - COLUMN - GAP, height: titleTop - 72 - TOP };
  const x = RIGHT - COLUMN;
  const below = area.y + area.height;
  const code = codeOf(facts.target);
  const [activity] = facts.activities;
  const numeral = facts.kind === 'story' && activity ? chineseOrdinal(activity.order) : undefined;
  const heading = layout.lines(
    layout.kicker,
    { x, y: TOP + (numeral ? 150 : 30), size: 30, fill: layout.hue },
    44,
    COLUMN,
    2,
  );
  const unit = layout.lines(facts.unit, { x, y: heading.end + 84, size: 27, fill: INK }, 42, COLUMN, 4);
  const day = unit.end + 44;
  const quote =
    facts.quote === undefined
      ? undefined
      : layout.lines(`“${facts.quote}”`, { x, y: day + 74, size: 27, fill: SOFT }, 46, COLUMN, 6);
  const quoteFits = quote && quote.end < below - code.side - 60;
  return (
    picture(photo.href, photo, area) +
    (numeral ? layout.line(numeral, { x, y: TOP + 82, size: 92, fill: layout.hue }, COLUMN, 700) : '') +
    heading.drawn +
    rule(x, heading.end + 34, COLUMN, 1.5, LINE) +
    unit.drawn +
    layout.line(chineseDate(facts.date), { x, y: day, size: 25, fill: SOFT }, COLUMN) +
    (quoteFits ? quote.drawn : '') +
    code.drawn(RIGHT, below - code.side) +
    title(set, titleTop + set.size * 0.88) +
    layout.line(SCAN[facts.kind], { x: EDGE, y: BOTTOM, size: 24, fill: SOFT }, WIDTH / 2) +
    layout.line(
      facts.site.sample ? SAMPLE : '',
      { x: RIGHT, y: BOTTOM, size: 20, fill: SOFT, align: 'right' },
      WIDTH / 2,
    ) +
    credit(layout, area.x + area.width, below + 30, area.width - EDGE)
  );
}

/** Returns the SVG of a poster without a photo: the text fills the page. */
function typeAlone(layout: PosterLayout): string {
  const end = foot(layout);
  const set = setTitle(layout.glyphs(layout.facts.title, 700), WIDTH, TITLE_SIZE.withoutPhoto);
  const [activity] = layout.facts.activities;
  const quote = layout.facts.quote;
  const first = TOP + 500;
  const lastBaseline = first + (set.lines.length - 1) * set.size * TITLE_LEADING;
  return (
    (layout.facts.kind === 'story' && activity
      ? layout.line(chineseOrdinal(activity.order), { x: EDGE, y: TOP + 220, size: 190, fill: layout.hue }, WIDTH, 700)
      : '') +
    kicker(layout, first - set.size * 0.88 - 50) +
    title(set, first) +
    (quote === undefined
      ? ''
      : layout.lines(`“${quote}”`, { x: EDGE, y: lastBaseline + 100, size: 36, fill: SOFT }, 60, WIDTH, 3).drawn) +
    end.drawn
  );
}

/** A poster as SVG, and the characters that no font has. */
export interface Composition {
  svg: string;
  missing: string[];
}

/**
 * Returns a poster as SVG. `photo` is the photo to show; undefined if there is none. A photo whose height is more than
 * 1.05 times its width is treated as a portrait.
 */
export function compose(facts: PosterFacts, photo: DrawnPhoto | undefined, faces: Typefaces): Composition {
  const missing = new Set<string>();
  const layout = new PosterLayout(facts, faces, missing);
  const isPortrait = photo && photo.height > photo.width * 1.05;
  const body = photo ? (isPortrait ? portrait(layout, photo) : landscape(layout, photo)) : typeAlone(layout);
  const { width, height } = POSTER;
  return {
    svg:
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
      `<rect width="${pixels(width)}" height="${pixels(height)}" fill="${PAPER}"/>${nameplate(layout)}${body}</svg>`,
    missing: [...missing],
  };
}
