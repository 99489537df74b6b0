// Runs in browser and Node: pure.

/** A token of a phrase. `at` is its position in the phrase, counted in Han characters, numbers and Latin words. */
export interface PhrasePosition {
  token: string;
  at: number;
}

/**
 * Whether a phrase may occur in an entry: whether its tokens occur there in sequence. `positionsOf` returns the
 * positions of the words where a token begins, as Pagefind counts them; empty if it does not say. A word has at least
 * one character, so two tokens are at most as many words apart as characters.
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
