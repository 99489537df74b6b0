// Pure functions, which run in browsers and in Node.
import { compareLists, type Compared, type EditBudget } from './compare-lists.ts';
import type { Word } from './shown-blocks.ts';
import { weightOf } from './words.ts';

/** A word of two compared texts. Words that are the same may differ in their marks. */
export type ComparedWord = Compared<Word>;

/** A piece of a text that is in both versions, only in the older one (`gone`), or only in the newer one (`new`). */
export interface TextSegment {
  is: Compared<unknown>['is'];
  text: string;
}

/** Most letters and characters that stay unmarked between two changes: a 的 in the middle of a new sentence. */
const FEWEST_KEPT = 2;

/** Returns the text of a word as words are compared: breaks differ from any text, and from each other by their text. */
function textOf({ text, isBreak }: Word): string {
  return isBreak ? `\u2028${text}` : text;
}

function wordsText(words: readonly Word[]): string {
  return words.map(textOf).join('');
}

/** Splits words where other words of the same text are split, so that both lists have the same words. */
function* splitLike(words: readonly Word[], others: readonly Word[]): Generator<Word> {
  const borders = new Set<number>();
  let at = 0;
  for (const { text } of others) borders.add((at += text.length));
  at = 0;
  for (const word of words) {
    let rest = word.text;
    while (rest !== '') {
      const length = Array.from(rest).reduce(
        (sum, character) => (sum > 0 && borders.has(at + sum) ? sum : sum + character.length),
        0,
      );
      yield { ...word, text: rest.slice(0, length) };
      rest = rest.slice(length);
      at += length;
    }
  }
}

/** Compares two lists of words with the same text, which differ at most in marks. */
function compareMarks(before: readonly Word[], after: readonly Word[]): ComparedWord[] {
  const now = Array.from(splitLike(after, before));
  return Array.from(splitLike(before, after)).flatMap((word, index) => {
    const other = now[index];
    return other ? { is: 'same', before: word, after: other } : [];
  });
}

/** Words that follow each other: each is unchanged, or each is changed. */
interface Stretch {
  isSame: boolean;
  words: ComparedWord[];
  /** Weight of the words that are the same, or the greater one of those that are gone and those that are new. */
  weight: number;
}

function stretchesOf(words: readonly ComparedWord[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const word of words) {
    const isSame = word.is === 'same';
    let last = stretches.at(-1);
    if (last?.isSame !== isSame) stretches.push((last = { isSame, words: [], weight: 0 }));
    last.words.push(word);
  }
  for (const stretch of stretches) {
    const weigh = (is: ComparedWord['is']): number =>
      stretch.words.reduce(
        (sum, word) => (word.is === is ? sum + weightOf(word.is === 'same' ? word.after.text : word.item.text) : sum),
        0,
      );
    stretch.weight = stretch.isSame ? weigh('same') : Math.max(weigh('gone'), weigh('new'));
  }
  return stretches;
}

/** Returns changed words in the order in which they are shown: those that are gone before those that are new. */
function goneFirst(words: readonly ComparedWord[]): ComparedWord[] {
  return [...words.filter(({ is }) => is === 'gone'), ...words.filter(({ is }) => is === 'new')];
}

function asChange(word: ComparedWord): ComparedWord[] {
  if (word.is !== 'same') return [word];
  return [
    { is: 'gone', item: word.before },
    { is: 'new', item: word.after },
  ];
}

/**
 * Makes a comparison easier to read: one or two characters that are the same between two greater changes are shown as
 * part of one change.
 */
function readable(words: readonly ComparedWord[]): ComparedWord[] {
  const stretches = stretchesOf(words);
  const joined: Stretch[] = [];
  stretches.forEach((stretch, index) => {
    const [last, next] = [joined.at(-1), stretches[index + 1]];
    const isShort = stretch.isSame && stretch.weight <= FEWEST_KEPT;
    if (isShort && last && next && stretch.weight < Math.min(last.weight, next.weight)) {
      last.words.push(...stretch.words.flatMap(asChange));
      last.weight += stretch.weight;
    } else if (last && !last.isSame && !stretch.isSame) {
      last.words.push(...stretch.words);
      last.weight += stretch.weight;
    } else joined.push({ ...stretch, words: [...stretch.words] });
  });
  return joined.flatMap((stretch) => (stretch.isSame ? stretch.words : goneFirst(stretch.words)));
}

/**
 * Compares two texts word by word. Words are the same if their texts are, whatever their marks. Returns undefined if
 * the comparison costs more than the budget.
 */
export function compareWords(
  before: readonly Word[],
  after: readonly Word[],
  budget: EditBudget,
): ComparedWord[] | undefined {
  if (wordsText(before) === wordsText(after)) return compareMarks(before, after);
  const compared = compareLists(before, after, textOf, budget);
  return compared && readable(compared);
}
