// How much a run tests by chance. A file that imports this belongs to the long run, too (`npm run test:long`).

/** Is this the long run? */
export const LONG = process.env['LONG'] === '1';

/** Returns the size for this run. */
export function sized({ usual, long }: { usual: number; long: number }): number {
  return LONG ? long : usual;
}

function seedsToUse(usual: number): number[] {
  const given = process.env['SEED'];
  const chance = Math.floor(Math.random() * 2 ** 31);
  return given !== undefined ? [Number(given)] : LONG ? [usual, chance] : [usual];
}

function print(name: string, seeds: readonly number[]): void {
  process.stdout.write(`${name}: seed ${seeds.join(' and ')}\n`);
}

/**
 * Returns the seeds of this run and prints them: one that is always the same, and in the long run also one by chance.
 * SEED=… in the environment replaces them, to repeat a run.
 */
export function seedsOf(name: string, usual: number): number[] {
  const seeds = seedsToUse(usual);
  print(name, seeds);
  return seeds;
}

/** Returns one seed and prints it, for files that set up once: the usual one, in the long run one by chance. */
export function seedOf(name: string, usual: number): number {
  const seed = seedsToUse(usual).at(-1) ?? usual;
  print(name, [seed]);
  return seed;
}
