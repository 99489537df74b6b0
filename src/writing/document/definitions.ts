// Runs in browser and Node: pure.
import type { Node } from 'prosemirror-model';
import { renderMarkdown } from '../../text/markdown.ts';
import { SEPARATOR, type MarkdownSource } from './read-document.ts';
import { keptMarkdown } from './schema.ts';

/** Returns the link definitions (`[1]: https://…`) between the blocks of a Markdown text; empty if there are none. */
export function definitionsIn({ start, blocks }: MarkdownSource): string {
  const gaps = [start, ...blocks.map(({ gap }) => gap)];
  return gaps
    .map((gap) => gap.replaceAll(SEPARATOR, '').trim())
    .filter((gap) => gap !== '')
    .join('\n\n');
}

/** Returns the HTML of a kept block as the page shows it. `source`: the text that contains the block. */
export function keptHtml(kept: Node, source: MarkdownSource): string {
  return renderMarkdown(`${keptMarkdown(kept)}\n\n${definitionsIn(source)}`);
}
