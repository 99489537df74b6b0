// Widths of photos for the attribute `sizes`. Each component computes them beside the CSS that lays out the photo;
// tests/browser/pages/reading.test.ts compares the two.
import type { PhotoView } from '../../model/view-models.ts';

/** One rem of the pages in rem of `sizes`, which ignores the type size of the page (colours.css: html, 106.25 %). */
const REM = 1.0625;

/** Returns a length in rem of the pages. */
export function rems(count: number): string {
  return `${Number((count * REM).toFixed(4))}rem`;
}

/** Returns a length of so many hundredths of the window's width, between two numbers of rem. */
export function fluid(least: number, hundredths: number, most: number): string {
  return `clamp(${rems(least)}, ${hundredths}vw, ${rems(most)})`;
}

/** Width of a page's content (base.css: .wrap): the window without margins, at most 74 rem. */
export const CONTENT = `min(${rems(74)}, 100vw - ${fluid(2, 8, 4)})`;

/**
 * First entry of `sizes` for a photo that fills a telephone: at 2.5 device pixels per CSS pixel and more, loads as many
 * pixels as for two. The difference is invisible, the bytes are half (a first photo should have at most 100 kB).
 */
export const SPARING = '(max-width: 45.99rem) and (min-resolution: 2.5dppx) 62vw';

/** Returns the width of one of `count` equal columns of the content, with a gap between them. */
export function columnOf(count: number, gap: string): string {
  return `calc((${CONTENT} - ${count - 1} * ${gap}) / ${count})`;
}

/** Returns width / height, as used in CSS. */
export function ratioOf({ width, height }: PhotoView): number {
  return Number((width / height).toFixed(3));
}

/** Returns the width of a photo that is 82 vh high, the greatest height of an article's photos. */
export function highest(photo: PhotoView): string {
  return `${Number((82 * ratioOf(photo)).toFixed(1))}vh`;
}
