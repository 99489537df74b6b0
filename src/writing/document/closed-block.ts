// Runs in browser and Node: pure.
import { parseMarkdown } from '../../text/markdown.ts';
import { tokenTree } from '../../text/token-tree.ts';

/** Ends of HTML blocks that do not end with an empty line (CommonMark, HTML blocks, kinds 2 to 5). */
const HTML_ENDS = ['-->', '?>', '>', ']]>'];

/** Returns what can end a block that lasts until the end of the file. */
function endsOf(block: string): string[] {
  const [, fence, element] = /^ {0,3}(?:(`{3,}|~{3,})|<(script|pre|style|textarea)\b)/iu.exec(block) ?? [];
  if (fence !== undefined) return [fence];
  return element === undefined ? HTML_ENDS : [`</${element}>`];
}

/** Returns whether a paragraph after a block would become part of the block. */
function isOpen(block: string): boolean {
  return tokenTree(parseMarkdown(`${block}\n\nx`)).length < 2;
}

/**
 * Returns the Markdown of a block to which nothing is added if other blocks follow: a code block or HTML block that
 * lasts until the end of the file gets its end. Other blocks are returned as they are.
 */
export function closedBlock(block: string): string {
  if (!isOpen(block)) return block;
  return (
    endsOf(block)
      .map((end) => `${block}\n${end}`)
      .find((closed) => !isOpen(closed)) ?? block
  );
}
