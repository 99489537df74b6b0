// Texts that take longest to take apart, render and compare, each as long as the desk lets it be, and what it once let
// through. Found by trying some hundred shapes at every step (YAML, Markdown, comparison).

const MOST = 49_000;

/** Some repeated text of so many characters. */
function filled(piece: string, length = MOST): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}

/** Numbers a line each, in an order that has little in common with any other. */
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

/** The same beyond what is let through today. */
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
