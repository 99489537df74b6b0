// Runs in browser and Node: pure.
import type { Mark, Node } from 'prosemirror-model';
import { linkTarget } from '../../text/markdown.ts';
import { marks, nodes, schema } from './schema.ts';
import { lastingSpaces, visibleText } from './visible-text.ts';

/** Text with one set of marks. */
interface Run {
  text: string;
  marks: readonly Mark[];
}

/** Returns a link as a page shows it, or undefined if pages do not show a link to its target. */
function canonicalLink(link: Mark): Mark | undefined {
  const href = linkTarget(visibleText(String(link.attrs['href'])));
  if (href === undefined) return undefined;
  const title: unknown = link.attrs['title'];
  const shown = typeof title === 'string' ? visibleText(title).replace(/\s+/gu, ' ').trim() : '';
  return marks.link.create({ href, title: shown === '' ? null : shown });
}

function canonicalMarks(of: readonly Mark[]): readonly Mark[] {
  return of.flatMap((mark) => (mark.type === marks.link ? (canonicalLink(mark) ?? []) : mark));
}

/** Returns the lines of a block, which hard breaks separate, as runs of text. */
function linesOf(block: Node): Run[][] {
  let line: Run[] = [];
  const lines = [line];
  block.forEach((child) => {
    if (child.isText) line.push({ text: visibleText(child.text ?? ''), marks: canonicalMarks(child.marks) });
    else lines.push((line = []));
  });
  return lines;
}

/** Returns the marks that are in both sets. */
function commonMarks(some: readonly Mark[], others: readonly Mark[]): readonly Mark[] {
  return some.filter((mark) => mark.isInSet(others));
}

/** Splits runs into words and the blanks between them: one run for all blanks between two words. */
function wordsAndBlanks(line: readonly Run[]): Run[] {
  const runs: Run[] = [];
  for (const run of line)
    for (const [text] of run.text.matchAll(/\s+|\S+/gu)) {
      const last = runs.at(-1);
      if (last && isBlank(last) && isBlank({ text }))
        runs[runs.length - 1] = { text: last.text + text, marks: commonMarks(last.marks, run.marks) };
      else runs.push({ text, marks: run.marks });
    }
  return runs;
}

function isBlank({ text }: Pick<Run, 'text'>): boolean {
  return /^\s/u.test(text);
}

/**
 * Returns a line as a page shows it: without blanks at its ends. Blanks have only the marks that the words before and
 * after them also have, because Markdown cannot begin or end bold text with a blank.
 */
function canonicalLine(line: readonly Run[]): Node[] {
  const runs = wordsAndBlanks(line);
  return runs.flatMap((run, index) => {
    if (!isBlank(run)) return schema.text(run.text, run.marks);
    const [before, after] = [runs[index - 1], runs[index + 1]];
    if (!before || !after) return [];
    return schema.text(lastingSpaces(run.text), commonMarks(commonMarks(run.marks, before.marks), after.marks));
  });
}

/**
 * Returns the content of a paragraph, heading or table cell as a page shows it. Hard breaks at the start and at the end
 * show nothing and are removed.
 */
export function canonicalLines(block: Node): Node[] {
  const lines = linesOf(block).map(canonicalLine);
  const filled = lines.map((line) => line.length > 0);
  const shown = lines.slice(Math.max(0, filled.indexOf(true)), filled.lastIndexOf(true) + 1);
  return shown.flatMap((line, index) => (index === 0 ? line : [nodes.hard_break.create(), ...line]));
}
