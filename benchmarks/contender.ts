// The contenders of a comparison, and how their runs are measured.
import { readFile } from 'node:fs/promises';

/** One measurement: its row in the table, its duration in milliseconds, and the number of pages that were written. */
export interface Sample {
  row: string;
  milliseconds: number;
  pages?: number;
  /** Parts of the duration, in milliseconds. */
  parts?: Readonly<Record<string, number>>;
  /** Resident memory (RSS) of the process after the run, in bytes. */
  memory?: number;
}

/** A way to bring a change of content onto a site's pages. */
export interface Contender {
  /** Runs one round and resolves to its measurements. In each round, all contenders make the same edit. */
  run(round: number): Promise<Sample[]>;
  /** Stops the processes that the contender has started. */
  end?(): Promise<void>;
}

/**
 * Longest time in milliseconds that all runs of one contender may take together. A contender that has taken longer is
 * left out of further rounds.
 */
const PATIENCE = 75_000;

/**
 * Runs contenders in turn in each round, so that other load on the machine affects all alike. Resolves to all
 * measurements.
 */
export async function takeTurns(contenders: readonly Contender[], rounds: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  const spent = new Map<Contender, number>();
  for (let round = 1; round <= rounds; round += 1) {
    for (const contender of contenders) {
      const before = spent.get(contender) ?? 0;
      if (before > PATIENCE) continue;
      const start = performance.now();
      samples.push(...(await contender.run(round)));
      spent.set(contender, before + performance.now() - start);
    }
  }
  return samples;
}

/** Returns a Chinese sentence with the number of a round, so that no other round writes the same sentence. */
export function markOf(round: number): string {
  return `第${round}轮改过的一句话，记号 mark-${round}-end。`;
}

/**
 * Checks that a page on disk contains a text: a contender that changed nothing must not count as fast.
 * @throws Error if the text is missing.
 */
export async function requireOnPage(path: string, text: string): Promise<void> {
  const page = await readFile(path, 'utf8');
  if (!page.includes(text)) throw new Error(`${path} lacks “${text}”: the change is not live.`);
}
