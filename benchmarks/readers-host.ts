// Sends readers' requests from a separate process. Gets a message with the load (`readers`), and replies with the
// measurements (`read`). Started by desk-load.ts.
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { z } from 'zod';
import { readers, type read } from './desk-load.ts';

/**
 * Sends `perSecond` requests per second for some seconds, each for one page. Requests are sent at fixed times even if
 * responses are slow. Resolves to the latencies and errors.
 */
async function readPages({
  origin,
  paths,
  perSecond,
  seconds,
}: z.infer<typeof readers>): Promise<z.infer<typeof read>> {
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

/**
 * Requests a URL, discards the body and resolves to the status.
 * @throws the error if the connection fails.
 */
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

process.once('message', (message) => {
  void readPages(readers.parse(message)).then((done) => {
    process.send?.(done);
    process.disconnect();
  });
});
