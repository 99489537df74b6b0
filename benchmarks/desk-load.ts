// Readers and editors at once: readers come at their own pace, whether the server keeps up or not.
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** How reading went. */
export interface Read {
  /** Milliseconds from when each reader came, in ascending order. */
  latencies: number[];
  errors: string[];
}

/** Readers that come `perSecond`, each for one page, for some seconds. A slow answer keeps nobody from coming. */
export async function readPages(
  origin: string,
  paths: readonly string[],
  perSecond: number,
  seconds: number,
): Promise<Read> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const latencies: number[] = [];
  const errors: string[] = [];
  const start = performance.now();
  const reading: Promise<void>[] = [];
  for (let reader = 0; reader < perSecond * seconds; reader += 1) {
    const due = start + (reader * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await pause(early);
    const path = paths[reader % paths.length] ?? '/';
    reading.push(
      get(agent, origin + path).then(
        (status) => {
          latencies.push(performance.now() - due);
          if (status !== 200) errors.push(`${path}: ${status}`);
        },
        (error: unknown) => void errors.push(`${path}: ${String(error)}`),
      ),
    );
  }
  await Promise.all(reading);
  agent.destroy();
  return { latencies: latencies.sort((one, other) => one - other), errors };
}

async function get(agent: Agent, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(address, { agent }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0)).once('error', reject);
    })
      .once('error', reject)
      .end();
  });
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
