// What takes part, and how its runs are measured.
import { readFile } from 'node:fs/promises';

/** One measurement: what was done, how long it took, and of how many pages. */
export interface Sample {
  row: string;
  milliseconds: number;
  pages?: number;
  /** Where the time went, in milliseconds. */
  parts?: Readonly<Record<string, number>>;
  /** Bytes that the process held afterwards (RSS). */
  memory?: number;
}

/** A way to bring a change of content onto a site. */
export interface Contender {
  /** One round; everything that takes part makes the same text edit in the same round. */
  run(round: number): Promise<Sample[]>;
  /** Ends what it has started. */
  end?(): Promise<void>;
}

/** Who has taken so long in all takes no part in further rounds, in milliseconds. */
const PATIENCE = 75_000;

/** Lets contenders take turns, round by round, so that what else the machine does hits all of them alike. */
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

/** A sentence that no other round writes. */
export function markOf(round: number): string {
  return `第${round}轮改过的一句话，记号 mark-${round}-end。`;
}

/** Throws unless a page on disk has a text: a fast contender that changed nothing has won nothing. */
export async function requireOnPage(path: string, text: string): Promise<void> {
  const page = await readFile(path, 'utf8');
  if (!page.includes(text)) throw new Error(`${path} lacks “${text}”: the change is not live.`);
}
