// Measures how long readers wait while photos are encoded. Compares encoding in the threads of a small server with
// encoding in other processes, as on the live site.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import { z } from 'zod';
import { encodePhoto } from '../src/photo/encode/encoding.ts';
import { openStore } from '../src/photo/store/store.ts';
import { aligned, inMilliseconds } from './table.ts';

/**
 * The code of a worker thread that acts as a reader: sends a request every 5 ms, and reports the latencies in
 * milliseconds after it gets a message.
 */
const READER = `
const { parentPort, workerData } = require('node:worker_threads');
const { Agent, get } = require('node:http');
const agent = new Agent({ keepAlive: true });
const waits = [];
const timer = setInterval(() => {
  const start = performance.now();
  get(workerData, { agent }, (answer) => answer.resume().on('end', () => waits.push(performance.now() - start)));
}, 5);
parentPort.once('message', () => {
  clearInterval(timer);
  setTimeout(() => { agent.destroy(); parentPort.postMessage(waits); }, 1000);
});
`;

/** Returns the p-quantile of numbers in ascending order, with p from 0 to 1. */
const part = (sorted: readonly number[], p: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? NaN;

/** Resolves to the latencies of a reader's requests while `work` runs, in milliseconds and ascending order. */
async function waitsDuring(work: () => Promise<unknown>): Promise<number[]> {
  const server = createServer((_, response) => response.end('ok'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = z.object({ port: z.number() }).parse(server.address());
  const reader = new Worker(READER, { eval: true, workerData: `http://127.0.0.1:${address.port}` });
  await work();
  const waits = await new Promise<number[]>((resolve) => {
    reader.once('message', (said) => resolve(z.array(z.number()).parse(said)));
    reader.postMessage('stop');
  });
  server.closeAllConnections();
  server.close();
  return waits.sort((one, other) => one - other);
}

/**
 * Resolves to a table of readers' latencies in milliseconds for each way of encoding. `folder` is the path of the photo
 * store's folder.
 */
export async function latencyReport(folder: string, photos: readonly string[]): Promise<string> {
  const bytes = await Promise.all(photos.map(async (photo) => readFile(photo)));
  const sizes = await Promise.all(bytes.map(async (photo) => (await sharp(photo).metadata()).autoOrient));
  const store = openStore(folder, { workers: Math.max(1, availableParallelism() - 1) });
  const ways: [string, () => Promise<unknown>][] = [
    ['nothing', async () => new Promise((resolve) => setTimeout(resolve, 5000))],
    [
      'in threads of the server, two photos at once',
      async () => {
        const left = [...bytes.entries()];
        const next = async (): Promise<void> => {
          for (let given = left.shift(); given; given = left.shift()) {
            const [at, photo] = given;
            const size = sizes[at];
            if (size) for await (const _ of encodePhoto(photo, size));
          }
        };
        await Promise.all([next(), next()]);
      },
    ],
    [
      'in processes of lower priority, as on the live site',
      async () =>
        store.encodeAll(
          bytes.map((photo) => ({
            hash: createHash('sha256').update(photo).digest('hex'),
            provide: async (work) => work(async () => photo),
          })),
          () => undefined,
        ),
    ],
  ];
  const rows: string[][] = [];
  for (const [name, work] of ways) {
    const start = performance.now();
    const waits = await waitsDuring(work);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    rows.push([name, ...[0.5, 0.99, 0.999].map((p) => inMilliseconds(part(waits, p))), String(waits.length), seconds]);
  }
  await store.close();
  return aligned([['while encoding', 'median ms', 'p99', 'p99.9', 'answers', 'seconds'], ...rows]);
}
