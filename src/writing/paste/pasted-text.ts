// Runs in browser and Node: pure.
import type { Node } from 'prosemirror-model';
import { plainText } from '../../text/markdown.ts';
import { canonicalBlock } from '../document/canonical-form.ts';
import { readDocument } from '../document/read-document.ts';
import { keptMarkdown, nodes, schema } from '../document/schema.ts';

function linesOf(text: string): string[] {
  return text.split(/\r\n?|[\n\u2028\u2029]/u);
}

/** Returns a paragraph for each line of a text that is not blank, without blanks at its ends. */
function paragraphsOf(text: string): Node[] {
  return linesOf(text).flatMap((line) => {
    if (line === '') return [];
    return canonicalBlock(nodes.paragraph.create(null, schema.text(line))) ?? [];
  });
}

/** Reads pasted plain text: each line is a paragraph. */
export function readPastedText(text: string): Node[] {
  return paragraphsOf(text);
}

const HEADING = /^#{1,6} \S/u;
const MARKED_LINE = /^(?:[-*+] |> |\d{1,3}[.)] )\S/u;
const BOLD = /\*\*[^*\s][^*]*\*\*/u;

/**
 * Returns whether a plain text is Markdown, as AI chats copy it: it has a heading, bold text, a table, or at least two
 * bulleted or quoted lines. Numbered lines prove nothing, because people number lines too.
 */
export function looksLikeMarkdown(text: string): boolean {
  const lines = linesOf(text);
  const marked = lines.filter((line) => /^(?:[-*+]|>) \S/u.test(line));
  const hasTable = lines.some((line) => /^\s*\|?(?:\s*:?-{3,}:?\s*\|)+/u.test(line));
  return lines.some((line) => HEADING.test(line) || BOLD.test(line)) || hasTable || marked.length > 1;
}

/** Returns whether a line of Markdown belongs to the block of the line before it. */
function continues(line: string): boolean {
  return MARKED_LINE.test(line.trimStart()) || /^(?:\s*\||\s{2,}\S)/u.test(line);
}

/**
 * Returns Markdown whose lines are paragraphs, except in lists, quotations and tables, with the two levels of headings
 * that pages have, and without rules, which AI chats put between all parts.
 */
function normalisedMarkdown(text: string): string {
  const lines = linesOf(text)
    .filter((line) => !/^\s*(?:[-*_]\s*){3,}$/u.test(line))
    .map((line) =>
      line.replace(/^\u3000+/u, '').replace(/^#{1,6}(?= )/u, (signs) => (signs.length > 2 ? '###' : '##')),
    );
  return lines.map((line, index) => (index > 0 && !continues(line) ? `\n${line}` : line)).join('\n');
}

/**
 * Reads pasted plain text as Markdown. A block that the body field could only keep unchanged, such as code, becomes
 * paragraphs.
 */
export function readPastedMarkdown(text: string): Node[] {
  return readDocument(normalisedMarkdown(text)).blocks.flatMap(({ node, canonical }) =>
    node.type === nodes.kept ? paragraphsOf(plainText(keptMarkdown(node))) : (canonical ?? []),
  );
}
