// Runs in browser and Node: pure.
import type { Mark, Node } from 'prosemirror-model';
import { entityOf, escapedText, linkEnd } from './escapes.ts';
import { marks } from './schema.ts';
import type { WritingStyle } from './writing-style.ts';

/** How a hard break and the text of a block are written. */
export interface LineFormat extends WritingStyle {
  lineBreak: string;
  inCell: boolean;
}

function opening(mark: Mark, { emphasis }: WritingStyle): string {
  if (mark.type === marks.link) return '[';
  return mark.type === marks.em ? emphasis : '**';
}

function closing(mark: Mark, style: WritingStyle): string {
  if (mark.type !== marks.link) return opening(mark, style);
  const title: unknown = mark.attrs['title'];
  return linkEnd(String(mark.attrs['href']), typeof title === 'string' ? title : null);
}

/** Returns the marks of each child. A hard break has the marks that the children before and after it both have. */
function marksOfChildren(children: readonly Node[]): readonly (readonly Mark[])[] {
  return children.map((child, index) => {
    const after = children[index + 1]?.marks ?? [];
    return child.isText ? child.marks : (children[index - 1]?.marks ?? []).filter((mark) => mark.isInSet(after));
  });
}

/** Returns how many adjacent children from `index` on have a mark. */
function lengthOf(mark: Mark, index: number, all: readonly (readonly Mark[])[]): number {
  const end = all.findIndex((set, at) => at >= index && !mark.isInSet(set));
  return (end < 0 ? all.length : end) - index;
}

/** Sorts marks that open together: links first, because links contain the others, then those that close last. */
function inOpeningOrder(opened: readonly Mark[], index: number, all: readonly (readonly Mark[])[]): Mark[] {
  const isLink = (mark: Mark): number => Number(mark.type === marks.link);
  return [...opened].sort(
    (one, other) => isLink(other) - isLink(one) || lengthOf(other, index, all) - lengthOf(one, index, all),
  );
}

/** Returns the text of a child, with entities at the ends where marks can be, if the style asks for them. */
function writtenText(child: Node, hasMarkBefore: boolean, hasMarkAfter: boolean, format: LineFormat): string {
  const characters = Array.from(child.text ?? '');
  const head = format.entities && hasMarkBefore ? characters.splice(0, 1) : [];
  const tail = format.entities && hasMarkAfter ? characters.splice(-1) : [];
  const middle = escapedText(characters.join(''), format, format.inCell);
  return head.map(entityOf).join('') + middle + tail.map(entityOf).join('');
}

/** Returns the content of a paragraph, heading or cell, in canonical form, as Markdown. */
export function writtenLines(block: Node, format: LineFormat): string {
  const children = block.children;
  const all = marksOfChildren(children);
  let written = '';
  let open: readonly Mark[] = [];
  children.forEach((child, index) => {
    const wanted = all[index] ?? [];
    const ended = open.findIndex((mark) => !mark.isInSet(wanted));
    const staying = ended < 0 ? open : open.slice(0, ended);
    const opened = inOpeningOrder(
      wanted.filter((mark) => !mark.isInSet(staying)),
      index,
      all,
    );
    written += open
      .slice(staying.length)
      .reverse()
      .map((mark) => closing(mark, format))
      .join('');
    // An exclamation mark before a link would make it a picture for other programs.
    if (opened[0]?.type === marks.link) written = written.replace(/(^|[^\\])!$/u, '$1\\!');
    written += opened.map((mark) => opening(mark, format)).join('');
    open = [...staying, ...opened];
    written += child.isText
      ? writtenText(child, index > 0 || open.length > 0, index < children.length - 1 || open.length > 0, format)
      : format.lineBreak;
  });
  return (
    written +
    [...open]
      .reverse()
      .map((mark) => closing(mark, format))
      .join('')
  );
}
