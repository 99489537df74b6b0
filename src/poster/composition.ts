// Runs in browser and Node: pure.
import type { PosterAnswer } from '../model/answers.ts';
import { exampleKinds } from '../model/examples.ts';
import { chineseDate, chineseOrdinal } from '../text/date.ts';
import { qrPath } from '../text/qr-code.ts';
import { evenLines, filledLines, setTitle, type Title } from './lines.ts';
import { hueOf, INK, LINE, PAPER, RED, SOFT } from './palette.ts';
import { sortsOf, type Sort, type Typefaces, type Weight } from './setting.ts';
import { diamond, lineWidth, picture, pixels, rule, textLine, type Placed } from './svg.ts';

/** Raised when the same facts give another picture: composition, sizes, colours, the programs that draw. */
export const DESIGN = 1;

/** In pixels. */
export const POSTER = { width: 1080, height: 1440 } as const;

const EDGE = 84;
const RIGHT = POSTER.width - EDGE;
const WIDTH = RIGHT - EDGE;
/** Where the picture begins, below the nameplate. */
const TOP = 150;
/** Where a poster's last line stands. */
const BOTTOM = 1376;
/** A code is at least so wide, its quiet zone apart; modules are whole pixels. */
const LEAST_CODE = 240;
/** The column beside a photo that stands. */
const COLUMN = 285;
const GAP = 34;

/** A photo's file, to be drawn: its address in the drawing, its upright size. */
export interface DrawnPhoto {
  href: string;
  width: number;
  height: number;
}

/** What the parts of a poster are made with. */
class Desk {
  readonly facts: PosterAnswer;
  readonly #faces: Typefaces;
  readonly #missing: Set<string>;

  constructor(facts: PosterAnswer, faces: Typefaces, missing: Set<string>) {
    this.facts = facts;
    this.#faces = faces;
    this.#missing = missing;
  }

  sorts(text: string, weight: Weight = 500): Sort[] {
    return sortsOf(text, weight, this.#faces, (missing) => this.#missing.add(missing));
  }

  /** A line that ends where the width does. */
  line(text: string, placed: Placed, width = WIDTH, weight: Weight = 500): string {
    const [line = []] = filledLines(this.sorts(text, weight), width / (placed.size * (1 + (placed.spacing ?? 0))), 1);
    return textLine(line, placed);
  }

  /** Lines one below the other, and where the last one stands. */
  lines(text: string, placed: Placed, leading: number, width: number, most: number): { drawn: string; end: number } {
    const lines = evenLines(this.sorts(text), width / placed.size, most);
    const drawn = lines.map((line, n) => textLine(line, { ...placed, y: placed.y + n * leading })).join('');
    return { drawn, end: placed.y + Math.max(0, lines.length - 1) * leading };
  }

  get hue(): string {
    return this.facts.kind === 'example' ? RED : hueOf(this.facts.activities[0]?.order ?? 0);
  }

  /** What stands over the title: the activity, or what kind of example. */
  get kicker(): string {
    const { exampleKind, activities } = this.facts;
    return exampleKind ? `先进典型 · ${exampleKinds[exampleKind]}` : (activities[0]?.title ?? '活动故事');
  }

  /** The facts below the title, each on a line of its own. */
  get activityNames(): string | undefined {
    const { kind, activities } = this.facts;
    return kind === 'example' && activities.length > 0 ? activities.map(({ title }) => title).join('、') : undefined;
  }
}

function nameplate(desk: Desk): string {
  const { name, organiser } = desk.facts.site;
  const plate = { x: EDGE, y: 96, size: 50, fill: INK, spacing: 0.09 };
  const [shown = []] = filledLines(desk.sorts(name, 700), 600 / (plate.size * 1.09), 1);
  const left = WIDTH - lineWidth(shown, plate) - 60;
  return (
    rule(0, 0, POSTER.width, 12, RED) +
    textLine(shown, plate) +
    desk.line(organiser, { x: RIGHT, y: 93, size: 25, fill: SOFT, align: 'right' }, left) +
    rule(EDGE, 124, WIDTH, 1.5, INK)
  );
}

/** The code, with its right upper corner in a place; the page around it is its quiet zone. */
function code(target: string, right: number, top: number): { drawn: string; side: number } {
  const { size, path } = qrPath(target);
  const module = Math.ceil(LEAST_CODE / size);
  const side = module * size;
  return {
    drawn: `<path transform="translate(${right - side} ${top}) scale(${module})" d="${path}" fill="${INK}" shape-rendering="crispEdges"/>`,
    side,
  };
}

function codeSide(target: string): number {
  const { size } = qrPath(target);
  return Math.ceil(LEAST_CODE / size) * size;
}

function title({ lines, size }: Title, first: number): string {
  return lines.map((line, n) => textLine(line, { x: EDGE, y: first + n * size * 1.36, size, fill: INK })).join('');
}

/** How high a title is, from the top of its first line to the foot of its last. */
function titleHeight({ lines, size }: Title): number {
  return size * (1 + 1.36 * (lines.length - 1));
}

function kicker(desk: Desk, y: number): string {
  return (
    diamond(EDGE + 9, y - 10, 9, desk.hue) +
    desk.line(desk.kicker, { x: EDGE + 34, y, size: 29, fill: desk.hue, spacing: 0.06 }, WIDTH - 40, 700)
  );
}

function credit(desk: Desk, right: number, y: number, width: number): string {
  const said = desk.facts.photo?.credit;
  return said === undefined
    ? ''
    : desk.line(`摄影 ${said}`, { x: right, y, size: 20, fill: SOFT, align: 'right' }, width);
}

const SCAN = { story: '长按识别二维码，读完整的故事', example: '长按识别二维码，读完整的事迹' } as const;
const SAMPLE = '示例内容：人物与事件皆为虚构';

/** Unit, date and how to go on, beside the code; above them a rule. */
function foot(desk: Desk): { drawn: string; top: number } {
  const { target, unit, date, kind, site } = desk.facts;
  const side = codeSide(target);
  const top = BOTTOM - side;
  const width = WIDTH - side - 60;
  const fact = { x: EDGE, size: 29, fill: INK };
  const named = desk.lines(unit, { ...fact, y: top + 26 }, 42, width, 2);
  const day = named.end + 46;
  const names = desk.activityNames;
  return {
    top: top - 40,
    drawn:
      rule(EDGE, top - 40, WIDTH, 1.5, LINE) +
      code(target, RIGHT, top).drawn +
      named.drawn +
      desk.line(chineseDate(date), { ...fact, y: day, size: 26, fill: SOFT }, width) +
      (names === undefined ? '' : desk.line(names, { ...fact, y: day + 42, size: 26, fill: SOFT }, width)) +
      (site.sample ? desk.line(SAMPLE, { x: EDGE, y: BOTTOM - 38, size: 20, fill: SOFT }, width) : '') +
      desk.line(SCAN[kind], { x: EDGE, y: BOTTOM - 2, size: 24, fill: INK }, width),
  };
}

/** A wide photo from edge to edge, below it the words. */
function landscape(desk: Desk, photo: DrawnPhoto): string {
  const end = foot(desk);
  const set = setTitle(desk.sorts(desk.facts.title, 700), WIDTH, { most: 74, least: 44 });
  const quote = desk.facts.quote;
  const quoted = quote === undefined ? undefined : evenLines(desk.sorts(`“${quote}”`), WIDTH / 31, 2);
  const quoteHeight = quoted ? 24 + quoted.length * 48 : 0;
  const titleTop = end.top - 44 - quoteHeight - titleHeight(set);
  const kickerBase = titleTop - 30;
  const area = { x: 0, y: TOP, width: POSTER.width, height: kickerBase - 86 - TOP };
  const first = titleTop + set.size * 0.88;
  const foots = first + (set.lines.length - 1) * set.size * 1.36;
  return (
    picture(photo.href, photo, area) +
    credit(desk, RIGHT, area.y + area.height + 32, WIDTH) +
    kicker(desk, kickerBase) +
    title(set, first) +
    (quoted ?? [])
      .map((line, n) => textLine(line, { x: EDGE, y: foots + 68 + n * 48, size: 31, fill: SOFT }))
      .join('') +
    end.drawn
  );
}

/** A photo that stands, from the left edge; the facts beside it, the title below. */
function portrait(desk: Desk, photo: DrawnPhoto): string {
  const { facts } = desk;
  const set = setTitle(desk.sorts(facts.title, 700), WIDTH, { most: 74, least: 44 });
  const titleTop = BOTTOM - 62 - titleHeight(set);
  const area = { x: 0, y: TOP, width: RIGHT - COLUMN - GAP, height: titleTop - 72 - TOP };
  const x = RIGHT - COLUMN;
  const below = area.y + area.height;
  const side = codeSide(facts.target);
  const [activity] = facts.activities;
  const numeral = facts.kind === 'story' && activity ? chineseOrdinal(activity.order) : undefined;
  const kick = desk.lines(desk.kicker, { x, y: TOP + (numeral ? 150 : 30), size: 30, fill: desk.hue }, 44, COLUMN, 2);
  const unit = desk.lines(facts.unit, { x, y: kick.end + 84, size: 27, fill: INK }, 42, COLUMN, 4);
  const day = unit.end + 44;
  const quote =
    facts.quote === undefined
      ? undefined
      : desk.lines(`“${facts.quote}”`, { x, y: day + 74, size: 27, fill: SOFT }, 46, COLUMN, 6);
  const quoteFits = quote && quote.end < below - side - 60;
  return (
    picture(photo.href, photo, area) +
    (numeral ? desk.line(numeral, { x, y: TOP + 82, size: 92, fill: desk.hue }, COLUMN, 700) : '') +
    kick.drawn +
    rule(x, kick.end + 34, COLUMN, 1.5, LINE) +
    unit.drawn +
    desk.line(chineseDate(facts.date), { x, y: day, size: 25, fill: SOFT }, COLUMN) +
    (quoteFits ? quote.drawn : '') +
    code(facts.target, RIGHT, below - side).drawn +
    title(set, titleTop + set.size * 0.88) +
    desk.line(SCAN[facts.kind], { x: EDGE, y: BOTTOM, size: 24, fill: SOFT }, WIDTH / 2) +
    desk.line(
      facts.site.sample ? SAMPLE : '',
      { x: RIGHT, y: BOTTOM, size: 20, fill: SOFT, align: 'right' },
      WIDTH / 2,
    ) +
    credit(desk, area.x + area.width, below + 30, area.width - EDGE)
  );
}

/** No photo: the words have the page. */
function typeAlone(desk: Desk): string {
  const end = foot(desk);
  const set = setTitle(desk.sorts(desk.facts.title, 700), WIDTH, { most: 104, least: 44 });
  const [activity] = desk.facts.activities;
  const quote = desk.facts.quote;
  const first = TOP + 500;
  const foots = first + (set.lines.length - 1) * set.size * 1.36;
  return (
    (desk.facts.kind === 'story' && activity
      ? desk.line(chineseOrdinal(activity.order), { x: EDGE, y: TOP + 220, size: 190, fill: desk.hue }, WIDTH, 700)
      : '') +
    kicker(desk, first - set.size * 0.88 - 50) +
    title(set, first) +
    (quote === undefined
      ? ''
      : desk.lines(`“${quote}”`, { x: EDGE, y: foots + 100, size: 36, fill: SOFT }, 60, WIDTH, 3).drawn) +
    end.drawn
  );
}

/** A poster as SVG, and the characters that no typeface has. */
export interface Composition {
  svg: string;
  missing: string[];
}

/** Composes a poster. `photo`: its first photo; undefined: it has none that can be shown. */
export function compose(facts: PosterAnswer, photo: DrawnPhoto | undefined, faces: Typefaces): Composition {
  const missing = new Set<string>();
  const desk = new Desk(facts, faces, missing);
  const stands = photo && photo.height > photo.width * 1.05;
  const body = photo ? (stands ? portrait(desk, photo) : landscape(desk, photo)) : typeAlone(desk);
  const { width, height } = POSTER;
  return {
    svg:
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
      `<rect width="${pixels(width)}" height="${pixels(height)}" fill="${PAPER}"/>${nameplate(desk)}${body}</svg>`,
    missing: [...missing],
  };
}
