// Readers and editors at once: readers come at their own pace, whether the server keeps up or not.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const HOST = fileURLToPath(new URL('./readers-host.ts', import.meta.url));

/** What readers come for. */
export const readers = z.object({
  origin: z.string(),
  paths: z.array(z.string()),
  perSecond: z.number(),
  seconds: z.number(),
});

/** How reading went: milliseconds from when each reader came, in ascending order. */
export const read = z.object({ latencies: z.array(z.number()), errors: z.array(z.string()) });

/** Lets readers come from a process of their own: what this one does for its editors is no reader's wait. */
export async function readPages(asked: z.infer<typeof readers>): Promise<z.infer<typeof read>> {
  const host = fork(HOST, { execArgv: [] });
  host.send(asked);
  const [message]: unknown[] = await once(host, 'message');
  return read.parse(message);
}

/** The value below which a part of some ascending numbers lies. */
export function quantile(ascending: readonly number[], part: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * part))] ?? Number.NaN;
}

/** Lets some editors work, each one thing after another, until the time is over; answers how often, and what failed. */
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
