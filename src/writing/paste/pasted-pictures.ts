// Runs in browser and Node: pure.
import { shiftedDigits } from '../../text/shifted-digits.ts';
import type { Dropped } from './dropped.ts';
import { elementsIn, numberIn, styleOf, textOf, type HtmlElement } from './html-tree.ts';

/** Greatest side of a picture that shows nothing, such as one that counts readers, and of an emoji; in pixels. */
const INVISIBLE_SIDE = 2;
const EMOJI_SIDE = 64;

const PICTURES = new Set(['img', 'picture', 'canvas', 'svg']);
const MEDIA = new Set([
  ...['video', 'audio', 'iframe', 'object', 'embed'],
  // Videos, voice messages and music of WeChat articles.
  ...['mp-common-videosnap', 'mpvoice', 'mp-common-mpaudio', 'qqmusic'],
]);

/** Returns the longer side in pixels, or undefined if the HTML does not say it. */
function longSide(picture: HtmlElement): number | undefined {
  const sides = ['width', 'height'].flatMap((side) => {
    const styled = Number.parseInt(styleOf(picture, side), 10);
    return numberIn(picture, side) ?? (Number.isNaN(styled) ? [] : styled);
  });
  return sides.length === 0 ? undefined : Math.max(...sides);
}

/** Returns the text for which a picture is shown, such as an emoji; empty for other pictures. */
function textOfPicture(picture: HtmlElement): string {
  const alt = picture.attributes['alt'] ?? '';
  if (/^\p{Extended_Pictographic}/u.test(alt)) return alt;
  return /^\[.{1,4}\]$/u.test(alt) && (longSide(picture) ?? EMOJI_SIDE) < EMOJI_SIDE ? alt : '';
}

/**
 * Returns the text that replaces a picture, film or formula, which is counted if the text is empty. Returns undefined
 * for all other elements.
 */
export function replacedByText(element: HtmlElement, dropped: Dropped): string | undefined {
  if (MEDIA.has(element.name)) {
    dropped.add('media');
    return '';
  }
  if (element.name === 'math') {
    dropped.add('formulas');
    return '';
  }
  if (!PICTURES.has(element.name)) return undefined;
  const image = element.name === 'picture' ? elementsIn(element, 'img')[0] : element;
  if (!image) return '';
  const text = textOfPicture(image);
  const side = longSide(image);
  const isIcon = image.name === 'svg' && (side ?? 0) < EMOJI_SIDE;
  if (text === '' && !isIcon && (side === undefined || side > INVISIBLE_SIDE)) dropped.add('pictures');
  return text;
}

/** Returns the text of a `sup` or `sub` element of up to three digits: ² and ₂. Returns undefined for other elements. */
export function raisedDigits(element: HtmlElement): string | undefined {
  const text = textOf(element).trim();
  if ((element.name !== 'sup' && element.name !== 'sub') || elementsIn(element, 'a').length > 0) return undefined;
  return shiftedDigits(text, element.name === 'sup' ? 'above' : 'below');
}
