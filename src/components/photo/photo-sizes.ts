// How wide photos stand, as the attribute `sizes` says it. Each component says it beside the CSS that makes it so;
// tests/browser/pages/reading.test.ts compares the two.
import type { PhotoView } from '../../model/answers.ts';

/** A rem of the pages in rem of `sizes`, which knows nothing of a page's own type size (ground.css: html, 106.25 %). */
const REM = 1.0625;

/** A length of so many rem. */
export function rems(count: number): string {
  return `${Number((count * REM).toFixed(4))}rem`;
}

/** A length that grows with the window, by so many hundredths of its width, between two numbers of rem. */
export function fluid(least: number, hundredths: number, most: number): string {
  return `clamp(${rems(least)}, ${hundredths}vw, ${rems(most)})`;
}

/** The content of a page (base.css: .wrap): the window without its edges, at most 74 rem. */
export const CONTENT = `min(${rems(74)}, 100vw - ${fluid(2, 8, 4)})`;

/**
 * Before the sizes of a photo that fills a telephone: where three pixels and more make one, so many are loaded as if two
 * did. Nobody sees the difference; the bytes are half (a first photo is to be 100 kB at most).
 */
export const SPARING = '(max-width: 45.99rem) and (min-resolution: 2.5dppx) 62vw';

/** One of some equal columns in the content of a page, which are a gap apart. */
export function columnOf(count: number, gap: string): string {
  return `calc((${CONTENT} - ${count - 1} * ${gap}) / ${count})`;
}

/** Width by height, as CSS is told it. */
export function ratioOf({ width, height }: PhotoView): number {
  return Number((width / height).toFixed(3));
}

/** The width of a photo that is as high as 82 hundredths of the window: none of a story's own is higher. */
export function highest(photo: PhotoView): string {
  return `${Number((82 * ratioOf(photo)).toFixed(1))}vh`;
}
