// Runs in browser and Node: pure.
import type { Mark, Node } from 'prosemirror-model';
import { isBreakTag, type Token } from '../../text/markdown.ts';
import { isLineEndSpace } from './line-end.ts';
import { marks, nodes, schema } from './schema.ts';

/** Thrown while a block is read whose content the schema does not have. The whole block then becomes a kept block. */
export class NotInSchema extends Error {}

/** The content of a paragraph, heading or cell while it is read. */
class Lines {
  readonly nodes: Node[] = [];
  #marks: readonly Mark[] = [];

  /** Adds text with the current marks. White space becomes one space, as on a page. */
  addText(text: string): void {
    const before = this.nodes.at(-1);
    const isAfterSpace = !before?.isText || (before.text ?? '').endsWith(' ');
    const spaced = text.replace(/[ \t\n\f\r]+/gu, ' ');
    const shown = isAfterSpace && spaced.startsWith(' ') ? spaced.slice(1) : spaced;
    if (shown !== '') this.nodes.push(schema.text(shown, this.#marks));
  }

  /** Adds a line end of the file. `next`: the text after it. */
  addLineEnd(next: string): void {
    if (isLineEndSpace(this.nodes.at(-1)?.text ?? '', next)) this.addText(' ');
  }

  addBreak(): void {
    this.nodes.push(nodes.hard_break.create());
  }

  open(mark: Mark): void {
    this.#marks = mark.addToSet(this.#marks);
  }

  close(type: Mark['type']): void {
    this.#marks = type.removeFromSet(this.#marks);
  }
}

function linkOf(token: Token): Mark {
  return marks.link.create({ href: String(token.attrGet('href') ?? ''), title: token.attrGet('title') });
}

/** Adds what a token of inline content shows. @throws NotInSchema for example for code. */
function addToken(lines: Lines, token: Token, next: Token | undefined): void {
  switch (token.type) {
    case 'text':
    case 'text_special':
      return lines.addText(token.content);
    case 'softbreak':
      return lines.addLineEnd(next?.content ?? '');
    case 'hardbreak':
      return lines.addBreak();
    case 'html_inline':
      if (!isBreakTag(token.content)) throw new NotInSchema();
      return lines.addBreak();
    case 'strong_open':
      return lines.open(marks.strong.create());
    case 'strong_close':
      return lines.close(marks.strong);
    case 'em_open':
      return lines.open(marks.em.create());
    case 'em_close':
      return lines.close(marks.em);
    case 'link_open':
      return lines.open(linkOf(token));
    case 'link_close':
      return lines.close(marks.link);
    default:
      throw new NotInSchema();
  }
}

/** Returns the content of a paragraph, heading or cell. @throws NotInSchema if the schema does not have all of it. */
export function readLines(inline: Token | undefined): Node[] {
  const lines = new Lines();
  const tokens = inline?.children ?? [];
  tokens.forEach((token, index) => addToken(lines, token, tokens[index + 1]));
  return lines.nodes;
}
