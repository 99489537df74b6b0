// Runs in browser and Node: pure.

/** A token of a phrase. `at`: where in the phrase it begins, in characters, numbers or Latin words. */
export interface PhrasePosition {
  token: string;
  at: number;
}

/**
 * Whether a phrase may stand in an entry: whether its tokens stand there one after the other. `positionsOf`: in which of
 * the words of the entry a token begins, as Pagefind counts them; none: it does not say. A word is one character or
 * more, so that from one token to the next it is at most as many words as characters.
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
