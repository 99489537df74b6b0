// Texts that take longest to parse, render and compare, as long as the desk allows today or once allowed. Found by
// trying some hundred shapes for every step (YAML, Markdown, comparison).

const MOST = 49_000;

/** Returns a text of repeated pieces with a number of characters. */
function filled(piece: string, length = MOST): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}

/** Returns one number per line, in an order that has little in common with that of another step. */
function shuffledLines(step: number): string {
  const count = 9001;
  return Array.from({ length: count }, (_, at) => `${(at * step) % count}\n`)
    .join('')
    .slice(0, MOST);
}

/** Bodies that take Markdown longest. */
export const BODIES: readonly string[] = [
  filled('['),
  filled('> ', MOST / 2) + filled('\na', MOST / 2),
  `|a|b|\n|-|-|\n${filled('|\n')}`,
  filled('a**b'),
  filled('![', MOST),
  filled('- a\n'),
];

/** A body longer than is allowed today. */
export const LONG_BODIES: readonly string[] = [filled('[', 900_000)];

/** Front matter, without the fields of a story, that takes YAML longest. */
export const YAMLS: readonly string[] = [
  `x: {${Array.from({ length: 4000 }, (_, at) => at.toString(36)).join(',')}}`,
  Array.from({ length: 3000 }, (_, at) => `${at.toString(36)}z: `).join('\n'),
  `x: {${Array.from({ length: 2400 }, (_, at) => at.toString(36)).join(',')}}`,
  filled('- [', 6000),
  `photos:\n${'  - src: a.jpg\n'.repeat(1200)}`,
];

/** Two bodies that take longest to compare. */
export const OPPOSED: readonly [string, string] = [shuffledLines(1), shuffledLines(7919)];
