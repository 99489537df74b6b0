// Pure functions, which run in browsers and in Node.
import { xmlText } from '../xml.ts';
import { sameTag, type ShownBlock, type Tag, type Word } from './shown-blocks.ts';

const ALIGNMENT = /^text-align:(left|center|right)$/u;

/**
 * Returns the opening tag of an element. An alignment is written as a class, because the pages of the desk allow no
 * style attributes.
 */
export function openingTag({ name, attributes }: Tag, classes: readonly string[] = []): string {
  const aligned = ALIGNMENT.exec(attributes['style'] ?? '')?.[1];
  const all = [...classes, ...(aligned === undefined ? [] : [aligned])];
  const written = Object.entries(attributes).filter(([attribute]) => attribute !== 'style');
  if (all.length > 0) written.push(['class', all.join(' ')]);
  return `<${name}${written.map(([attribute, value]) => ` ${attribute}="${xmlText(value)}"`).join('')}>`;
}

/** Returns the HTML of words. Words with the same marks share the elements. */
export function wordsHtml(words: readonly Word[]): string {
  let open: readonly Tag[] = [];
  let html = '';
  const change = (marks: readonly Tag[]): void => {
    const different = open.findIndex((mark, index) => !marks[index] || !sameTag(mark, marks[index]));
    const kept = different < 0 ? open.length : different;
    for (const { name } of open.slice(kept).reverse()) html += `</${name}>`;
    for (const mark of marks.slice(kept)) html += openingTag(mark);
    open = marks;
  };
  for (const { text, isBreak, marks } of words) {
    change(marks);
    html += isBreak ? '<br>' : xmlText(text);
  }
  change([]);
  return html;
}

/** Returns an element with some HTML in it. A `line` has no element. */
export function elementHtml(tag: Tag, inside: string, classes: readonly string[] = []): string {
  switch (tag.name) {
    case 'line':
      return inside;
    case 'hr':
      return '<hr>';
    case 'pre':
      return `${openingTag(tag, classes)}<code>${inside}</code></pre>`;
    default:
      return `${openingTag(tag, classes)}${inside}</${tag.name}>`;
  }
}

/** Returns the HTML of a block as the site's pages show it. */
export function shownHtml(block: ShownBlock): string {
  return elementHtml(block.tag, 'words' in block ? wordsHtml(block.words) : block.blocks.map(shownHtml).join(''));
}
