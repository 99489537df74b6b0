// Texts that take longest to parse, render and compare. They are as long as the desk permits now or permitted earlier.
// They were found by trying some hundred shapes for every step (YAML, Markdown, comparison).

/** Length of most texts, in characters. */
const MOST = 49_000;

/** Returns repeated copies of a piece, cut to `length` characters. */
function filled(piece: string, length = MOST): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}

/** Returns a text with one number per line. Texts with different steps have few lines in the same order. */
function shuffledLines(step: number): string {
  const count = 9001;
  return Array.from({ length: count }, (_, at) => `${(at * step) % count}\n`)
    .join('')
    .slice(0, MOST);
}

/** Bodies whose Markdown takes longest to parse. */
export const BODIES: readonly string[] = [
  filled('['),
  filled('> ', MOST / 2) + filled('\na', MOST / 2),
  `|a|b|\n|-|-|\n${filled('|\n')}`,
  filled('a**b'),
  filled('![', MOST),
  filled('- a\n'),
];

/** A body that is longer than the desk permits now. */
export const LONG_BODIES: readonly string[] = [filled('[', 900_000)];

/** Front matter that takes longest to parse as YAML, without the fields of a story. */
export const YAMLS: readonly string[] = [
  `x: {${Array.from({ length: 4000 }, (_, at) => at.toString(36)).join(',')}}`,
  Array.from({ length: 3000 }, (_, at) => `${at.toString(36)}z: `).join('\n'),
  `x: {${Array.from({ length: 2400 }, (_, at) => at.toString(36)).join(',')}}`,
  filled('- [', 6000),
  `photos:\n${'  - src: a.jpg\n'.repeat(1200)}`,
];

/** Two bodies that take longest to compare with each other. */
export const OPPOSED: readonly [string, string] = [shuffledLines(1), shuffledLines(7919)];
