/** Function characters: a pair that contains one says little about the subject. */
const GRAMMAR = new Set(
  Array.from('的了是在和就也都不没有这那一个把被给到为与及或从向着过去来上下里们后前又再还头人两三几第', (character) =>
    character.charCodeAt(0),
  ),
);

/** First and last code of the Han characters of the basic plane. A pair of them fits into a number of 30 bits. */
const FIRST = 0x3400;
const LAST = 0x9fff;

/**
 * Returns the pairs of neighbouring Han characters in a text, each once, as numbers. Pairs found better related stories
 * than words of Intl.Segmenter: among generated stories 89 % of what could be found instead of 87 %; among the sample
 * stories they set the true ones farther apart from chance. And the result does not depend on the version of a
 * dictionary.
 */
export function pairsIn(text: string): readonly number[] {
  const pairs = new Set<number>();
  let before = -1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const matter = code >= FIRST && code <= LAST && !GRAMMAR.has(code) ? code - FIRST : -1;
    if (before >= 0 && matter >= 0) pairs.add(before * 0x8000 + matter);
    before = matter;
  }
  return [...pairs];
}

/**
 * Returns for each of the other texts how much of the first text it shares, from 0 to 1. A pair weighs more, the fewer
 * of the others have it.
 */
export function sharesOf(pairs: readonly number[], others: readonly (readonly number[])[]): number[] {
  const places = new Map<number, number>(pairs.map((pair, at) => [pair, at]));
  const counts = new Array<number>(pairs.length).fill(0);
  const shared = others.map((other) => {
    const common: number[] = [];
    for (const pair of other) {
      const at = places.get(pair);
      if (at === undefined) continue;
      common.push(at);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    return common;
  });
  const weights = counts.map((count) => Math.max(0, Math.log2((others.length + 1) / (count + 0.5))));
  const whole = weights.reduce((total, weight) => total + weight, 0);
  return shared.map((common) => common.reduce((total, at) => total + (weights[at] ?? 0), 0) / (whole || 1));
}
