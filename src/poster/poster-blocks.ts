// Runs in browser and Node: pure.
import { chineseDate } from '../text/date.ts';
import { qrPath } from '../text/qr-code.ts';
import { filledLines } from './line-breaking.ts';
import { INK, LINE, RED, SOFT } from './palette.ts';
import { BOTTOM, EDGE, POSTER, RIGHT, WIDTH, type PosterLayout } from './layout.ts';
import { diamond, lineWidth, rule, textLine } from './svg.ts';
import { TITLE_LEADING, type Title } from './title-size.ts';

/**
 * Least width of a QR code without its quiet zone, in pixels. The code may be wider, because the width of each of its
 * modules is rounded up to whole pixels.
 */
const LEAST_CODE = 240;

/** Returns the SVG of the top of a poster: a red band, the site's name, its organiser, and a rule. */
export function nameplate(layout: PosterLayout): string {
  const { name, organiser } = layout.facts.site;
  const plate = { x: EDGE, y: 96, size: 50, fill: INK, spacing: 0.09 };
  const [shown = []] = filledLines(layout.glyphs(name, 700), 600 / (plate.size * 1.09), 1);
  const left = WIDTH - lineWidth(shown, plate) - 60;
  return (
    rule(0, 0, POSTER.width, 12, RED) +
    textLine(shown, plate) +
    layout.line(organiser, { x: RIGHT, y: 93, size: 25, fill: SOFT, align: 'right' }, left) +
    rule(EDGE, 124, WIDTH, 1.5, INK)
  );
}

/**
 * Returns the QR code of a URL: its width in pixels without the quiet zone (`side`), and a function that returns its
 * SVG. The parameters of the function are the position of the code's upper right corner in pixels.
 */
export function codeOf(target: string): { side: number; drawn: (right: number, top: number) => string } {
  const { size, path } = qrPath(target);
  const module = Math.ceil(LEAST_CODE / size);
  const side = module * size;
  return {
    side,
    // The empty paper around the code is its quiet zone.
    drawn: (right, top) =>
      `<path transform="translate(${right - side} ${top}) scale(${module})" d="${path}" fill="${INK}" shape-rendering="crispEdges"/>`,
  };
}

/** Returns the SVG of a title. `first` is the baseline of its first line in pixels. */
export function title({ lines, size }: Title, first: number): string {
  return lines
    .map((line, n) => textLine(line, { x: EDGE, y: first + n * size * TITLE_LEADING, size, fill: INK }))
    .join('');
}

/** Returns the height of a title in pixels, from the top of its first line to the baseline of its last. */
export function titleHeight({ lines, size }: Title): number {
  return size * (1 + TITLE_LEADING * (lines.length - 1));
}

/** Returns the SVG of the line above the title: a diamond and the kicker. `y` is the baseline in pixels. */
export function kicker(layout: PosterLayout, y: number): string {
  return (
    diamond(EDGE + 9, y - 10, 9, layout.hue) +
    layout.line(layout.kicker, { x: EDGE + 34, y, size: 29, fill: layout.hue, spacing: 0.06 }, WIDTH - 40, 700)
  );
}

/**
 * Returns the SVG of the photographer's name, right-aligned at `right`; empty if there is no photo. `y` is the baseline
 * and `width` the greatest width, in pixels.
 */
export function credit(layout: PosterLayout, right: number, y: number, width: number): string {
  const photographer = layout.facts.photo?.credit;
  return photographer === undefined
    ? ''
    : layout.line(`摄影 ${photographer}`, { x: right, y, size: 20, fill: SOFT, align: 'right' }, width);
}

/** Chinese text that asks readers to scan the QR code, by kind of poster. */
export const SCAN = { story: '长按识别二维码，读完整的故事', example: '长按识别二维码，读完整的事迹' } as const;
/** Chinese note on the posters of a site with sample content: people and events are invented. */
export const SAMPLE = '示例内容：人物与事件皆为虚构';

/**
 * Returns the SVG of the foot of a poster: a rule, and below it the unit, the date, the text SCAN and the QR code.
 * `top` is the position of the rule in pixels.
 */
export function foot(layout: PosterLayout): { drawn: string; top: number } {
  const { target, unit, date, kind, site } = layout.facts;
  const code = codeOf(target);
  const { side } = code;
  const top = BOTTOM - side;
  const width = WIDTH - side - 60;
  const fact = { x: EDGE, size: 29, fill: INK };
  const named = layout.lines(unit, { ...fact, y: top + 26 }, 42, width, 2);
  const day = named.end + 46;
  const names = layout.activityNames;
  return {
    top: top - 40,
    drawn:
      rule(EDGE, top - 40, WIDTH, 1.5, LINE) +
      code.drawn(RIGHT, top) +
      named.drawn +
      layout.line(chineseDate(date), { ...fact, y: day, size: 26, fill: SOFT }, width) +
      (names === undefined ? '' : layout.line(names, { ...fact, y: day + 42, size: 26, fill: SOFT }, width)) +
      (site.sample ? layout.line(SAMPLE, { x: EDGE, y: BOTTOM - 38, size: 20, fill: SOFT }, width) : '') +
      layout.line(SCAN[kind], { x: EDGE, y: BOTTOM - 2, size: 24, fill: INK }, width),
  };
}
