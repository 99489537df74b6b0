/** Characters of grammar: a pair with one of them says little of the matter. */
const GRAMMAR = new Set(
  Array.from('的了是在和就也都不没有这那一个把被给到为与及或从向着过去来上下里们后前又再还头人两三几第', (character) =>
    character.charCodeAt(0),
  ),
);

/** The Han characters of the basic plane: first and last code. A pair of them is a number of 30 bits. */
const FIRST = 0x3400;
const LAST = 0x9fff;

/**
 * The pairs of neighbouring Han characters in a text, each once, as numbers. Pairs found better relatives than words of
 * Intl.Segmenter: among made-up stories 89 % of what could be found, not 87 %; among the sample stories they set the
 * true ones farther apart from chance. And no dictionary's version decides.
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
 * How much of what one text says others say too, as a share (0–1) of it for each: a pair weighs more, the fewer of the
 * others have it.
 */
export function sharesOf(pairs: readonly number[], others: readonly (readonly number[])[]): number[] {
  const places = new Map<number, number>(pairs.map((pair, at) => [pair, at]));
  const holders = new Array<number>(pairs.length).fill(0);
  const shared = others.map((other) => {
    const common: number[] = [];
    for (const pair of other) {
      const at = places.get(pair);
      if (at === undefined) continue;
      common.push(at);
      holders[at] = (holders[at] ?? 0) + 1;
    }
    return common;
  });
  const weights = holders.map((count) => Math.max(0, Math.log2((others.length + 1) / (count + 0.5))));
  const whole = weights.reduce((total, weight) => total + weight, 0);
  return shared.map((common) => common.reduce((total, at) => total + (weights[at] ?? 0), 0) / (whole || 1));
}
