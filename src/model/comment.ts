// Runs in browser and Node: pure.
import { countCharacters } from '../text/count.ts';
import { judgeLength, type TextLength } from './fields/field.ts';

/** Allowed length of a note on an entry, in 字. */
export const commentLength = { min: 1, max: 500 } as const satisfies TextLength;

/**
 * Most UTF-16 code units of a note. A run without a space counts as one 字 however long it is, so that needs a limit
 * too.
 */
const MOST_UNITS = 4000;

/**
 * Invisible characters that can reverse a line: control characters except tab and line feed, and Unicode's bidi
 * controls.
 */
const UNSEEN = /[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/u;

/** Normalises a note for storage: no surrounding white space, line feeds only. */
export function commentText(written: string): string {
  return written.replace(/\r\n?/gu, '\n').trim();
}

/** Says what is wrong with the text of a note, and what to do; undefined if nothing is wrong. */
export function commentFault(written: string): string | undefined {
  const text = commentText(written);
  if (text.length > MOST_UNITS) return `批注有 ${text.length} 个字符，最多 ${MOST_UNITS} 个，请写得短一些`;
  if (countCharacters(text) === 0) return '批注是空的，请写下要说的话';
  if (UNSEEN.test(text)) return '批注里有看不见的控制字符，请删去，或重新输入一遍';
  const fault = judgeLength('批注', text, commentLength);
  return fault === undefined ? undefined : `${fault}，请写得短一些`;
}
