// Runs in browser and Node: pure.

/**
 * A token of a phrase. `at` is its position in the phrase, counted in units: Han characters, numbers and Latin words.
 */
export interface PhrasePosition {
  token: string;
  at: number;
}

/**
 * Returns whether a phrase may occur in an entry. It may if the tokens of the phrase (`chain`) occur there in sequence.
 * `positionsOf` returns the positions in the entry where a token begins, counted in words as Pagefind does. It returns
 * an empty list if Pagefind gives no positions. The distance of two tokens in words is at most their distance in units,
 * because a word has at least one unit.
 */
export function canFollow(
  chain: readonly PhrasePosition[],
  positionsOf: (token: string) => readonly number[],
): boolean {
  let before: { at: number; positions: readonly number[] } | undefined;
  for (const { token, at } of chain) {
    let positions = positionsOf(token);
    if (positions.length === 0) {
      before = undefined;
      continue;
    }
    if (before) {
      const { at: earlier, positions: starts } = before;
      positions = positions.filter((position) =>
        starts.some((start) => position >= start && position - start <= at - earlier),
      );
      if (positions.length === 0) return false;
    }
    before = { at, positions };
  }
  return true;
}
