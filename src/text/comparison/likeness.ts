// Pure functions, which run in browsers and in Node.
import type { ShownBlock } from './shown-blocks.ts';
import { weightOf } from './words.ts';

/** How much text a block has, and which words. */
export interface WordBag {
  weight: number;
  /** How often each word occurs, and its weight. Words without letters and digits are left out. */
  words: ReadonlyMap<string, { count: number; letters: number }>;
}

function* textsOf(block: ShownBlock): Generator<string> {
  if ('words' in block) for (const { text } of block.words) yield text;
  else for (const inner of block.blocks) yield* textsOf(inner);
}

/** Returns the words of a block. */
export function wordBag(block: ShownBlock): WordBag {
  const words = new Map<string, { count: number; letters: number }>();
  let weight = 0;
  for (const text of textsOf(block)) {
    const letters = weightOf(text);
    if (letters === 0) continue;
    weight += letters;
    words.set(text, { count: (words.get(text)?.count ?? 0) + 1, letters });
  }
  return { weight, words };
}

/** Returns the words of several blocks together, from the words of each. */
export function joinedBag(bags: readonly WordBag[]): WordBag {
  const words = new Map<string, { count: number; letters: number }>();
  let weight = 0;
  for (const bag of bags) {
    weight += bag.weight;
    for (const [text, { count, letters }] of bag.words)
      words.set(text, { count: (words.get(text)?.count ?? 0) + count, letters });
  }
  return { weight, words };
}

/** Returns the weight of the words that two blocks have in common. */
export function commonWeight(one: WordBag, other: WordBag): number {
  const [few, many] = one.words.size < other.words.size ? [one, other] : [other, one];
  let common = 0;
  for (const [text, { count, letters }] of few.words)
    common += letters * Math.min(count, many.words.get(text)?.count ?? 0);
  return common;
}
