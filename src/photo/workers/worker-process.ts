// The program of the worker pool's processes: runs jobs, one at a time, at low priority.
import { hash as digest } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { JobResult } from './job-result.ts';
import { encodeLight, encodePhoto } from '../encode/encoding.ts';
import { inspectPhoto } from '../encode/inspection.ts';
import { exchanged, isJob, type Job } from './job.ts';
import { lowerPriority } from './lower-priority.ts';

/** Returns the bytes of a job's photo. Rejects if a file does not have the bytes that the job expects. */
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
// Many photos at once use all cores better than many threads on one photo.
sharp.concurrency(1);
sharp.cache(false);
// Ctrl+C on the host signals the whole process group; the host decides when its workers end.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
// The host is gone, however it ended. An ordinary exit would wait for threads in the middle of a photo.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (message) => void onMessage(message));
