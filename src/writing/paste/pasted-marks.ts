// Runs in browser and Node: pure.
import type { Mark } from 'prosemirror-model';
import { linkTarget } from '../../text/markdown.ts';
import { marks } from '../document/schema.ts';
import type { Dropped } from './dropped.ts';
import { styleOf, textOf, type HtmlElement } from './html-tree.ts';

const BOLD_NAMES = new Set(['b', 'strong']);
const ITALIC_NAMES = new Set(['i', 'em', 'cite', 'dfn', 'var']);
const STRUCK_NAMES = new Set(['del', 's', 'strike']);

/** Returns whether an element makes its text bold, or undefined if it leaves that as it is. */
function boldness(element: HtmlElement): boolean | undefined {
  const weight = styleOf(element, 'font-weight');
  if (/^(?:bold|bolder|[6-9]\d\d|1000)$/u.test(weight)) return true;
  if (/^(?:normal|lighter|[1-5]\d\d)$/u.test(weight)) return false;
  return BOLD_NAMES.has(element.name) ? true : undefined;
}

/** Returns whether an element makes its text italic, or undefined if it leaves that as it is. */
function slant(element: HtmlElement): boolean | undefined {
  const style = styleOf(element, 'font-style');
  if (/^(?:italic|oblique)/u.test(style)) return true;
  if (style === 'normal') return false;
  return ITALIC_NAMES.has(element.name) ? true : undefined;
}

function withMark(set: readonly Mark[], type: typeof marks.strong, isOn: boolean | undefined): readonly Mark[] {
  if (isOn === undefined) return set;
  return isOn ? type.create().addToSet(set) : type.removeFromSet(set);
}

/** Returns the link of an `a` element, or undefined if its target means nothing outside the page that it is from. */
function linkOf({ attributes }: HtmlElement, dropped: Dropped): Mark | undefined {
  const address = (attributes['href'] ?? '').trim();
  const href = /^(?:https?|mailto|tel):./iu.test(address) ? linkTarget(address) : undefined;
  if (href !== undefined) return marks.link.create({ href });
  // Links within a page, for example to a footnote of Word, are not missed.
  if (address !== '' && !address.startsWith('#')) dropped.add(/^file:/iu.test(address) ? 'localLinks' : 'otherLinks');
  return undefined;
}

function countLines(element: HtmlElement, dropped: Dropped): void {
  if (textOf(element).trim() === '') return;
  const line = `${styleOf(element, 'text-decoration')} ${styleOf(element, 'text-decoration-line')}`;
  if (STRUCK_NAMES.has(element.name) || line.includes('line-through')) dropped.add('struckTexts');
  const isUnderlined = element.name === 'u' || element.name === 'ins' || line.includes('underline');
  if (isUnderlined && element.name !== 'a') dropped.add('underlinedTexts');
}

/** Returns the marks of the text in an element. `around`: the marks of the text around it. */
export function marksIn(element: HtmlElement, around: readonly Mark[], dropped: Dropped): readonly Mark[] {
  const withBold = withMark(around, marks.strong, boldness(element));
  const withSlant = withMark(withBold, marks.em, slant(element));
  if (!marks.link.isInSet(around)) countLines(element, dropped);
  const link = element.name === 'a' && textOf(element).trim() !== '' ? linkOf(element, dropped) : undefined;
  return link ? link.addToSet(withSlant) : withSlant;
}
