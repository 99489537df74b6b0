// Measures how attacks on the desk affect readers. Runs are in pairs: one without an attack, directly followed by one
// with an attack.
import { quantile, readPages } from '../desk-load.ts';
import { aligned, inMilliseconds, median } from '../table.ts';
import { attacked, type Attack } from './attack.ts';

/** The latencies of the readers in one run, in milliseconds. */
interface Run {
  p50: number;
  p95: number;
  longest: number;
  errors: readonly string[];
}

export interface UnderAttackOptions {
  origin: string;
  paths: string[];
  /** Number of readers that arrive per second. */
  perSecond: number;
  /** Duration of a run in seconds. */
  seconds: number;
  /** Number of pairs of runs for each attack. */
  runs: number;
  /** Returns the attacks to run in a round, by name. */
  attacks: (run: number) => Readonly<Record<string, Attack>>;
  note: (what: string) => void;
}

/** Measures readers without and under each attack, `runs` times. Resolves to the table and the messages of errors. */
export async function underAttack(options: UnderAttackOptions): Promise<{ table: string; errors: string[] }> {
  const { origin, paths, perSecond, seconds, runs, attacks, note } = options;
  const readers = async (): Promise<Run> => {
    const { latencies, errors } = await readPages({ origin, paths, perSecond, seconds });
    const [p50, p95] = [quantile(latencies, 0.5), quantile(latencies, 0.95)];
    return { p50, p95, longest: latencies.at(-1) ?? Number.NaN, errors };
  };
  const idle: Run[] = [];
  const pairs = new Map<string, { before: Run; under: Run }[]>();
  const answered = new Map<string, Record<string, number>>();
  for (let run = 1; run <= runs; run += 1) {
    for (const [name, attack] of Object.entries(attacks(run))) {
      note(`run ${run} of ${runs}: readers idle, then ${name}`);
      const before = await readers();
      const { answer: under, answers } = await attacked(attack, readers);
      idle.push(before);
      pairs.set(name, [...(pairs.get(name) ?? []), { before, under }]);
      const sum = answered.get(name) ?? {};
      for (const [what, count] of Object.entries(answers)) sum[what] = (sum[what] ?? 0) + count;
      answered.set(name, sum);
    }
  }
  const row = (name: string, of: readonly Run[], ratios?: readonly number[]): string[] => [
    name,
    inMilliseconds(median(of.map(({ p50 }) => p50))),
    inMilliseconds(median(of.map(({ p95 }) => p95))),
    inMilliseconds(Math.max(...of.map(({ longest }) => longest))),
    ratios ? `${median(ratios).toPrecision(2)}×` : '',
    String(of.flatMap(({ errors }) => errors).length),
  ];
  const table = aligned([
    [
      `${perSecond} readers/s, ${runs} paired runs of ${seconds} s`,
      'p50 ms',
      'p95 ms',
      'longest',
      'p95 ÷ idle',
      'errors',
    ],
    row('readers, desk idle', idle),
    ...Array.from(pairs, ([name, of]) =>
      row(
        `readers, ${name}`,
        of.map(({ under }) => under),
        of.map(({ before, under }) => under.p95 / before.p95),
      ),
    ),
  ]);
  const counts = Array.from(
    answered,
    ([name, of]) =>
      `  ${name} was answered: ${Object.entries(of)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([what, count]) => `${what} (${count})`)
        .join(', ')}`,
  );
  const all = [...idle, ...[...pairs.values()].flat().map(({ under }) => under)];
  return { table: [table, '', ...counts].join('\n'), errors: all.flatMap(({ errors }) => [...errors]) };
}
