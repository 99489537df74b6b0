// The participants of a comparison, and how their runs are measured.
import { readFile } from 'node:fs/promises';

/** One measurement: its row in the table, its duration, and the number of pages. */
export interface Sample {
  row: string;
  milliseconds: number;
  pages?: number;
  /** Parts of the duration, in milliseconds. */
  parts?: Readonly<Record<string, number>>;
  /** Resident memory of the process afterwards (RSS), in bytes. */
  memory?: number;
}

/** A way to bring a change of content to a site. */
export interface Contender {
  /** Runs one round; in each round all contenders make the same edit. */
  run(round: number): Promise<Sample[]>;
  /** Ends what the contender has started. */
  end?(): Promise<void>;
}

/** A contender that has taken longer than this in total is left out of further rounds, in milliseconds. */
const PATIENCE = 75_000;

/** Lets contenders take turns in each round, so that other load on the machine affects all alike. */
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

/** Returns a sentence that no other round writes. */
export function markOf(round: number): string {
  return `第${round}轮改过的一句话，记号 mark-${round}-end。`;
}

/** @throws Error if a page on disk lacks a text: a contender that changed nothing must not count as fast. */
export async function requireOnPage(path: string, text: string): Promise<void> {
  const page = await readFile(path, 'utf8');
  if (!page.includes(text)) throw new Error(`${path} lacks “${text}”: the change is not live.`);
}
