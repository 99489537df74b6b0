// Runs in browser and Node: pure.
import type { Mark, Node } from 'prosemirror-model';
import { isLineEndSpace } from '../document/line-end.ts';
import { nodes, schema } from '../document/schema.ts';

/** Matches the start of a line that is indented as the first line of a paragraph. */
const INDENTED = /^(?:\u3000|[\u00a0\u2002\u2003]{2})/u;

/** The text of a pasted block while it is read, with white space as browsers show it. */
export class PastedLines {
  #content: Node[] = [];
  /** White space that is shown only if text follows: a space, or a line end of the HTML file. */
  #waiting: 'space' | 'line-end' | undefined;

  /** Adds text of HTML, where white space is one space. */
  addText(text: string, marks: readonly Mark[]): void {
    for (const [piece] of text.matchAll(/[ \t\n\f\r]+|[^ \t\n\f\r]+/gu)) {
      if (/^[ \t\n\f\r]/u.test(piece)) this.#waiting = /[\n\r]/u.test(piece) ? 'line-end' : (this.#waiting ?? 'space');
      else this.#addWord(piece, marks);
    }
  }

  /** Adds text whose line ends are shown, as in a `pre` element. */
  addPreformatted(text: string, marks: readonly Mark[]): void {
    text.split(/\r\n?|\n/u).forEach((line, index) => {
      if (index > 0) this.addBreak();
      if (line !== '') this.#content.push(schema.text(line, marks));
    });
  }

  addBreak(): void {
    this.#waiting = undefined;
    this.#content.push(nodes.hard_break.create());
  }

  #addWord(word: string, marks: readonly Mark[]): void {
    const before = this.#content.at(-1)?.text ?? '';
    // Word ends lines of its HTML between Chinese characters too.
    const isSpace = this.#waiting === 'space' || (this.#waiting === 'line-end' && isLineEndSpace(before, word));
    const space = isSpace && before !== '' ? ' ' : '';
    this.#waiting = undefined;
    this.#content.push(schema.text(space + word, marks));
  }

  /** Returns the lines and removes them. */
  take(): Node[][] {
    const lines: Node[][] = [[]];
    for (const node of this.#content) {
      if (node.isText) lines.at(-1)?.push(node);
      else lines.push([]);
    }
    this.#content = [];
    this.#waiting = undefined;
    return lines;
  }
}

/**
 * Returns the paragraphs of lines that line breaks separate. An empty line and a line with an indent start a paragraph.
 */
export function paragraphsOf(lines: readonly (readonly Node[])[]): Node[] {
  const paragraphs: Node[][] = [[]];
  for (const line of lines) {
    const text = line.map((node) => node.text ?? '').join('');
    const last = paragraphs.at(-1) ?? [];
    if (text.trim() === '') paragraphs.push([]);
    else if (last.length === 0 || INDENTED.test(text)) paragraphs.push([...line]);
    else last.push(nodes.hard_break.create(), ...line);
  }
  return paragraphs.filter((content) => content.length > 0).map((content) => nodes.paragraph.create(null, content));
}
