// Runs in browser and Node: pure.
import type { WritingStyle } from './writing-style.ts';

/** The characters that a backslash escapes: ASCII punctuation (CommonMark, Backslash escapes). */
const PUNCTUATION = '!-/:-@[-`{-~';
const ANY_PUNCTUATION = new RegExp(`[${PUNCTUATION}]`, 'gu');
const BACKSLASH = new RegExp(`\\\\(?=[${PUNCTUATION}]|$)`, 'gu');

/** Matches what could be Markdown within a line: code, emphasis, links, struck text (`~~`), HTML, entities. */
const MARKDOWN = /[*`[\]_]|~{2,}|<(?=[A-Za-z/!?])|&(?=#?\w+;)/gu;

/** Escapes a match of `MARKDOWN`. `_` is emphasis only at the edge of a word. */
function escapedSigns(signs: string, at: number, text: string): string {
  const isInWord = [text.charAt(at - 1), text.charAt(at + 1)].every((beside) => /[A-Za-z0-9]/u.test(beside));
  return signs === '_' && isInWord ? signs : signs.replace(/./gu, '\\$&');
}

/**
 * Matches what would make a line the start of a numbered item, heading, quotation, bulleted item, rule or underline of a
 * heading, or the second row of a table. The last character of a match is the one to escape.
 */
const LINE_START = /^(?:\d{1,9}[.)](?=\s|$)|#(?=#{0,5}(?:\s|$))|>|[-+](?=\s|$)|=(?==*\s*$)|[-:|](?=[-:|\s]*$))/u;

/** Escapes text so that Markdown shows it unchanged within a line. `inCell`: whether the text is in a table cell. */
export function escapedText(text: string, { escapeAll }: WritingStyle, inCell: boolean): string {
  if (escapeAll) return text.replace(ANY_PUNCTUATION, '\\$&');
  const escaped = text.replace(BACKSLASH, '\\\\').replace(MARKDOWN, escapedSigns);
  return inCell ? escaped.replaceAll('|', '\\|') : escaped;
}

/** Escapes the start of a line of Markdown, so that the line is part of a paragraph. */
export function escapedLineStart(line: string): string {
  return line.replace(LINE_START, (start) => `${start.slice(0, -1)}\\${start.slice(-1)}`);
}

/** Escapes the number signs at the end of a heading, which Markdown would remove. */
export function escapedHeadingEnd(heading: string): string {
  return heading.replace(/\\?#+$/u, (end) => {
    const escaped = end.startsWith('\\') ? 2 : 0;
    const rest = end.slice(escaped);
    return rest === '' ? end : `${end.slice(0, escaped)}\\${rest}`;
  });
}

/** Returns a character as an entity: `C` becomes `&#67;`. */
export function entityOf(character: string): string {
  return `&#${character.codePointAt(0)};`;
}

/** Returns the end of a link: `](address "title")`. */
export function linkEnd(href: string, title: string | null): string {
  const isPlain = /^[^\s<>()\\|]+$/u.test(href) && !/&#?\w+;/u.test(href);
  const destination = isPlain ? href : `<${href.replace(/[\\<>|]|&(?=#?\w+;)/gu, '\\$&')}>`;
  return title === null ? `](${destination})` : `](${destination} "${title.replace(/[\\"|]|&(?=#?\w+;)/gu, '\\$&')}")`;
}
