// Readers and editors at the same time: readers arrive at a fixed rate, whether the server keeps up or not.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const HOST = fileURLToPath(new URL('./readers-host.ts', import.meta.url));

/** The requests of readers. */
export const readers = z.object({
  origin: z.string(),
  paths: z.array(z.string()),
  perSecond: z.number(),
  seconds: z.number(),
});

/** Results of reading: latencies in milliseconds since each reader's arrival, ascending, and errors. */
export const read = z.object({ latencies: z.array(z.number()), errors: z.array(z.string()) });

/** Sends readers from a separate process, so that this process's work for editors does not delay them. */
export async function readPages(load: z.infer<typeof readers>): Promise<z.infer<typeof read>> {
  const host = fork(HOST, { execArgv: [] });
  host.send(load);
  const [message]: unknown[] = await once(host, 'message');
  return read.parse(message);
}

/** Returns the quantile of ascending numbers; `part`: between 0 and 1. */
export function quantile(ascending: readonly number[], part: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * part))] ?? Number.NaN;
}

/** Runs editors in parallel, each doing one job after another for some seconds; returns latencies and errors. */
export async function workTogether(
  editors: number,
  seconds: number,
  work: (serial: number) => Promise<void>,
): Promise<{ latencies: number[]; errors: string[] }> {
  const end = performance.now() + seconds * 1000;
  const latencies: number[] = [];
  const errors: string[] = [];
  let serial = 0;
  const editor = async (): Promise<void> => {
    while (performance.now() < end) {
      const start = performance.now();
      serial += 1;
      await work(serial).then(
        () => void latencies.push(performance.now() - start),
        (error: unknown) => void errors.push(String(error)),
      );
    }
  };
  await Promise.all(Array.from({ length: editors }, editor));
  return { latencies: latencies.sort((one, other) => one - other), errors };
}
