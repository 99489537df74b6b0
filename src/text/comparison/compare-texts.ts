// Pure function, which runs in browsers and in Node.
import { EditBudget } from './compare-lists.ts';
import { compareWords, type TextSegment } from './compare-words.ts';
import type { Word } from './shown-blocks.ts';
import { wordsOf } from './words.ts';

function plainWords(text: string): Word[] {
  return wordsOf(text).map((word) => ({ text: word, isBreak: false, marks: [] }));
}

function linesOf(text: string): Word[] {
  return (text.match(/[^\n]*\n|[^\n]+$/gu) ?? []).map((line) => ({ text: line, isBreak: false, marks: [] }));
}

/**
 * Compares two plain texts by words and returns their segments in order. If they are too long and too different for
 * that, they are compared by lines, and if they still are, the whole old text counts as gone and the new one as new.
 */
export function compareTexts(before: string, after: string): TextSegment[] {
  if (before === after) return before === '' ? [] : [{ is: 'same', text: before }];
  const compared =
    compareWords(plainWords(before), plainWords(after), new EditBudget()) ??
    compareWords(linesOf(before), linesOf(after), new EditBudget());
  if (!compared) {
    return [
      { is: 'gone', text: before },
      { is: 'new', text: after },
    ];
  }
  const segments: TextSegment[] = [];
  for (const word of compared) {
    const text = word.is === 'same' ? word.after.text : word.item.text;
    const last = segments.at(-1);
    if (last?.is === word.is) last.text += text;
    else segments.push({ is: word.is, text });
  }
  return segments;
}
