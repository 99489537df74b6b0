// Simulates readers and editors at the same time. Readers arrive at a fixed rate, whether or not the server can keep
// up.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const HOST = fileURLToPath(new URL('./readers-host.ts', import.meta.url));

/** Load by readers: origin of the server, paths to request, readers per second, and duration in seconds. */
export const readers = z.object({
  origin: z.string(),
  paths: z.array(z.string()),
  perSecond: z.number(),
  seconds: z.number(),
});

/**
 * Results for readers: latencies in milliseconds since each reader's arrival, in ascending order, and messages of
 * errors.
 */
export const read = z.object({ latencies: z.array(z.number()), errors: z.array(z.string()) });

/**
 * Requests pages as readers do, from a separate process, so that the work for editors in this process does not delay
 * the requests. Resolves to latencies and errors.
 */
export async function readPages(load: z.infer<typeof readers>): Promise<z.infer<typeof read>> {
  const host = fork(HOST, { execArgv: [] });
  host.send(load);
  const [message]: unknown[] = await once(host, 'message');
  return read.parse(message);
}

/**
 * Returns a quantile of numbers in ascending order; `part` is between 0 (the least) and 1 (the greatest). NaN if there
 * are no numbers.
 */
export function quantile(ascending: readonly number[], part: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * part))] ?? Number.NaN;
}

/**
 * Runs editors in parallel for some seconds; each editor does one job after another. Resolves to the latencies of the
 * jobs that succeeded, in milliseconds and ascending order, and to the messages of errors. `work` gets the number of
 * the job, from 1.
 */
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
