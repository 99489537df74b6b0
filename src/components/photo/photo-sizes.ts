// Widths of photos for the attribute `sizes`. Each component computes them beside the CSS that lays out the photo;
// tests/browser/pages/reading.test.ts compares them with the laid-out widths.
import type { PhotoView } from '../../model/view-models.ts';

/**
 * Factor that converts a rem of our pages to a rem in the attribute `sizes`. In `sizes`, 1rem is the browser's font
 * size; on our pages it is 106.25 % of that (colours.css: html).
 */
const REM = 1.0625;

/** Returns a CSS length of `count` rem of our pages. */
export function rems(count: number): string {
  return `${Number((count * REM).toFixed(4))}rem`;
}

/** Returns a CSS length of `hundredths` vw, but at least `least` and at most `most` rem of our pages. */
export function fluid(least: number, hundredths: number, most: number): string {
  return `clamp(${rems(least)}, ${hundredths}vw, ${rems(most)})`;
}

/** Width of a page's content (base.css: .wrap): the window's width without margins, at most 74 rem. */
export const CONTENT = `min(${rems(74)}, 100vw - ${fluid(2, 8, 4)})`;

/**
 * First entry of `sizes` for a photo that fills a phone's screen. On a screen with 2.5 or more device pixels per CSS
 * pixel, the browser then requests only as many pixels as on a screen with 2. The difference is invisible and halves
 * the bytes (the first photo of a page should have at most 100 kB).
 */
export const SPARING = '(max-width: 45.99rem) and (min-resolution: 2.5dppx) 62vw';

/** Returns the width of one of `count` equal columns of the content, with `gap` (a CSS length) between them. */
export function columnOf(count: number, gap: string): string {
  return `calc((${CONTENT} - ${count - 1} * ${gap}) / ${count})`;
}

/** Returns the ratio width / height, rounded to 3 decimals, as used in CSS. */
export function ratioOf({ width, height }: PhotoView): number {
  return Number((width / height).toFixed(3));
}

/** Returns the width in vh of a photo that is 82 vh high, the greatest height of an article's photos. */
export function highest(photo: PhotoView): string {
  return `${Number((82 * ratioOf(photo)).toFixed(1))}vh`;
}
