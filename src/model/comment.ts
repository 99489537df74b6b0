// Runs in browser and Node: pure.
import { countCharacters } from '../text/count.ts';
import { judgeLength, type TextLength } from './fields/field.ts';

/** Allowed length of a comment on an entry, in 字. */
export const commentLength = { min: 1, max: 500 } as const satisfies TextLength;

/**
 * Greatest length of a comment in UTF-16 code units. A run of characters without a space counts as one 字 however long
 * it is, so the limit in 字 alone is not enough.
 */
const MOST_UNITS = 4000;

/**
 * Invisible characters that a comment may not contain: control characters except tab and line feed, and Unicode's bidi
 * controls, which can reverse a line.
 */
const UNSEEN = /[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/u;

/**
 * Returns the text of a comment as it is stored: without white space at both ends, and with line feeds as the only line
 * breaks.
 */
export function commentText(written: string): string {
  return written.replace(/\r\n?/gu, '\n').trim();
}

/** Returns a text in which a space replaces each invisible character that a comment may not contain. */
export function withoutUnseen(text: string): string {
  return text.replace(new RegExp(UNSEEN, 'gu'), ' ');
}

/**
 * Returns a Chinese sentence that says what is wrong with the text of a comment and what to do; undefined if the text
 * is acceptable.
 */
export function commentFault(written: string): string | undefined {
  const text = commentText(written);
  if (text.length > MOST_UNITS) return `批注有 ${text.length} 个字符，最多 ${MOST_UNITS} 个，请写得短一些`;
  if (countCharacters(text) === 0) return '批注是空的，请写下要说的话';
  if (UNSEEN.test(text)) return '批注里有看不见的控制字符，请删去，或重新输入一遍';
  const fault = judgeLength('批注', text, commentLength);
  return fault === undefined ? undefined : `${fault}，请写得短一些`;
}
