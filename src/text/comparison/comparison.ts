// Pure functions, which run in browsers and in Node. The way into this folder: Markdown in, HTML out.
import { compareBlocks } from './compare-blocks.ts';
import { comparedHtml } from './compared-html.ts';
import { shownBlocks } from './shown-blocks.ts';
import { shownHtml } from './shown-html.ts';

/**
 * Returns the HTML of a Markdown text as `renderMarkdown` does, except that alignments are classes instead of styles,
 * and that line ends of the file show what they show on a page.
 */
export function textHtml(markdown: string): string {
  return shownBlocks(markdown).map(shownHtml).join('');
}

/**
 * Compares two Markdown texts as pages show them. Returns HTML with what is gone in `del` and what is new in `ins`, or
 * undefined if both texts show the same. It is safe to put it into a page.
 */
export function comparedTextHtml(before: string, after: string): string | undefined {
  const blocks = compareBlocks(shownBlocks(before), shownBlocks(after));
  return blocks.every(({ is }) => is === 'same') ? undefined : comparedHtml(blocks);
}
