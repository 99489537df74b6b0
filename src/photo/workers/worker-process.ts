// The program of the worker processes. It runs one job at a time, at low priority.
import { hash as digest } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { JobResult } from './job-result.ts';
import { encodeLight, encodePhoto } from '../encode/encoding.ts';
import { inspectPhoto } from '../encode/inspection.ts';
import { exchanged, isJob, type Job } from './job.ts';
import { lowerPriority } from './lower-priority.ts';

/**
 * Resolves to the bytes of a job's photo. Rejects if a file cannot be read or its bytes do not have the expected hash.
 */
async function bytesOf({ bytes }: Job): Promise<Uint8Array> {
  if (!('file' in bytes)) return bytes;
  const read = await readFile(bytes.file);
  if (digest('sha256', read) !== bytes.hash) throw exchanged(bytes.hash);
  return read;
}

async function run(job: Job): Promise<JobResult> {
  const bytes = await bytesOf(job);
  switch (job.make) {
    case 'inspection':
      return { inspection: await inspectPhoto(bytes) };
    case 'variants':
      await mkdir(job.folder, { recursive: true });
      for await (const { variant, content } of encodePhoto(bytes, job.size)) {
        await writeFile(join(job.folder, variant.name), content, { flush: true });
      }
      return {};
    case 'light':
      await writeFile(job.file, await encodeLight(bytes));
      return {};
  }
}

async function onMessage(message: unknown): Promise<void> {
  if (!isJob(message)) return;
  const result = await run(message).catch((error: unknown): JobResult => ({
    failed: error instanceof Error ? error.message : String(error),
  }));
  process.send?.(result);
}

lowerPriority();
// Many photos at once use all cores better than many threads on one photo do.
sharp.concurrency(1);
sharp.cache(false);
// Ctrl+C signals the whole process group. The parent process decides when its workers end, so they ignore it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
// The parent process has ended. The worker kills itself, because an ordinary exit would wait for the threads that
// process a photo.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (message) => void onMessage(message));
