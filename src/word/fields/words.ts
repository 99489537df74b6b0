// Runs in browser and Node: pure. `\s` includes U+3000, the ideographic space.
import type { Run } from '../document/blocks.ts';

/** Returns a text without any white space. Labels and names are written with spaces between the characters. */
export function tight(text: string): string {
  return text.replace(/\s+/gu, '');
}

/** Pattern of one to four Chinese names, with spaces or 、 between them. */
export const PEOPLE = '[\\u4e00-\\u9fa5·]{2,4}(?:[\\s、，,]+[\\u4e00-\\u9fa5·]{2,4}){0,3}';

const ONLY_PEOPLE = new RegExp(`^${PEOPLE}$`, 'u');

/** Returns whether a text consists of one to four Chinese names. */
export function isPeople(text: string): boolean {
  return ONLY_PEOPLE.test(text);
}

/** Returns names as the field 撰稿 or 摄影 contains them: with one space between them, without brackets around. */
export function people(text: string): string {
  return text
    .replace(/[、，,\s]+/gu, ' ')
    .trim()
    .replace(/。$/u, '')
    .replace(/^[（(]([^（(）)]*)[）)]$/u, '$1')
    .trim();
}

/** Returns runs without white space at both ends, and without runs that are empty then. */
export function trimmedRuns(runs: readonly Run[]): Run[] {
  const left = runs.map((run) => ({ ...run }));
  while (left[0]?.text.trim() === '') left.shift();
  while (left.at(-1)?.text.trim() === '') left.pop();
  const [first] = left;
  if (first) first.text = first.text.trimStart();
  const last = left.at(-1);
  if (last) last.text = last.text.trimEnd();
  return left;
}
