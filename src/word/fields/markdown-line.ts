// Runs in browser and Node: pure. Runs of text as Markdown of the site's parser (text/markdown.ts).
import type { Run } from '../document/blocks.ts';

/** A piece of a line with one look and target. */
interface Piece {
  text: string;
  mark: '' | '*' | '**' | '***';
  href: string | undefined;
}

const MARKS = ['', '*', '**', '***'] as const;

/**
 * Joins neighbouring runs with the same look and target. If all text is bold, bold is how the paragraph looks and says
 * nothing: then it is dropped; italic likewise.
 */
function piecesOf(runs: readonly Run[]): Piece[] {
  const written = runs.filter(({ text }) => text.trim() !== '');
  const [allBold, allItalic] = [written.every(({ bold }) => bold), written.every(({ italic }) => italic)];
  const pieces: Piece[] = [];
  for (const { text, bold, italic, href } of runs) {
    const mark = MARKS[(bold && !allBold ? 2 : 0) + (italic && !allItalic ? 1 : 0)] ?? '';
    const last = pieces.at(-1);
    // Spaces have no look: they join the piece before them.
    if (last && last.href === href && (last.mark === mark || text.trim() === '')) last.text += text;
    else pieces.push({ text, mark, href });
  }
  return pieces;
}

/**
 * Escapes what Markdown would read within a line: code, emphasis, links, HTML, strikethrough, backslashes, and
 * ampersands that begin an entity. What stands at the end of a piece may continue in the next one.
 */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replace(/[`*[\]]/gu, '\\$&')
    .replace(/([a-z0-9])?_(?=([a-z0-9])?)/giu, (_, before?: string, after?: string) =>
      before !== undefined && after !== undefined ? `${before}_` : `${before ?? ''}\\_`,
    )
    .replace(/<(?=[a-z/!?]|$)/giu, '\\<')
    .replace(/~(?=~|$)/gu, '\\~')
    .replace(/&(?=#?\w+;|#?\w*$)/gu, '\\&');
}

/** Escapes what would make a line a heading, quotation, list or rule, or the underline of a heading. */
function escapedStart(line: string): string {
  return line
    .replace(/^(#{1,6})(?=\s|$)/u, '\\$1')
    .replace(/^(?:>|[-+](?=\s|$)|[-=](?=[-=\s]*$))/u, '\\$&')
    .replace(/^_(?=[_\s]*$)/u, '\\_')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/u, '$1\\$2');
}

const LATIN = /[\p{L}\p{N}]/u;
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const MARKUP = /[\p{P}\p{S}]/u;

/**
 * Returns whether emphasis can begin or end between two characters, one outside and one inside (CommonMark 6.2, with
 * the rules for Chinese of markdown-it-cjk-friendly): not between a Latin letter and a punctuation mark.
 */
function canBorder(outside: string, inside: string): boolean {
  return outside !== '*' && !(LATIN.test(outside) && !CJK.test(outside) && MARKUP.test(inside));
}

/** Returns the Markdown of one line. Emphasis that Markdown cannot express at its place is dropped; text never is. */
export function markdownOf(runs: readonly Run[]): string {
  const pieces = piecesOf(runs);
  let line = '';
  pieces.forEach(({ text, mark, href }, index) => {
    const plain = escaped(text.replace(/[\t\n]/gu, ' '));
    if (href !== undefined && text.trim() !== '') {
      // After an exclamation mark a link would be a picture.
      line = `${line.replace(/!$/u, '\\!')}[${plain}](${href})`;
      return;
    }
    const core = plain.trim();
    const before = plain.slice(0, plain.length - plain.trimStart().length);
    const after = core === '' ? '' : plain.slice(plain.trimEnd().length);
    const [left, right] = [
      before === '' ? (line.at(-1) ?? '') : ' ',
      after === '' ? (pieces[index + 1]?.text[0] ?? '') : ' ',
    ];
    const isMarked =
      mark !== '' && core !== '' && canBorder(left, core[0] ?? '') && canBorder(right, core.at(-1) ?? '');
    line += isMarked ? `${before}${mark}${core}${mark}${after}` : plain;
  });
  return escapedStart(line);
}
