// Decides how many random cases a run has. A test file that imports this module also belongs to the long run (`npm run
// test:long`).

/** Whether this is the long run. */
export const LONG = process.env['LONG'] === '1';

/** Returns the number of cases for this run. */
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
 * Returns the seeds of this run and prints them. The seeds are `usual`, and in the long run also a random one. If the
 * environment variable SEED is set, its value is the only seed, so that a run can be repeated. `name`: text that is
 * printed before the seeds.
 */
export function seedsOf(name: string, usual: number): number[] {
  const seeds = seedsToUse(usual);
  print(name, seeds);
  return seeds;
}

/**
 * Returns one seed and prints it, for test files that have only one set-up. The seed is `usual`, or in the long run a
 * random one. If the environment variable SEED is set, its value is the seed.
 */
export function seedOf(name: string, usual: number): number {
  const seed = seedsToUse(usual).at(-1) ?? usual;
  print(name, [seed]);
  return seed;
}
