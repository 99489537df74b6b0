import { z } from 'zod';
import type { PhotoLimits } from '../../photo/rules/size-rule.ts';
import type { Finding } from '../../photo/rules/finding.ts';
import { deskFinding } from './finding-schema.ts';
import type { CheckRequest } from './check-worker.ts';
import { checkPhotoFile } from './check-file.ts';

/** Longest time to wait for a worker, in milliseconds: the desk judges the photo in any case. */
const PATIENCE = 30_000;

const workerResult = z.object({ findings: z.array(deskFinding) });

/**
 * Returns what a worker finds; undefined if there are no workers here, or if it failed. Ends the worker, which frees
 * its memory.
 */
async function askWorker(file: Blob, limits: PhotoLimits): Promise<Finding[] | undefined> {
  if (typeof Worker === 'undefined') return undefined;
  const worker = new Worker(new URL('./check-worker.ts', import.meta.url), { type: 'module' });
  let waiting: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise((resolve) => {
      const giveUp = (): void => resolve(undefined);
      waiting = setTimeout(giveUp, PATIENCE);
      worker.addEventListener('error', giveUp);
      worker.addEventListener('messageerror', giveUp);
      worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        const parsed = workerResult.safeParse(data);
        resolve(parsed.success ? parsed.data.findings : undefined);
      });
      const request: CheckRequest = { file, limits };
      worker.postMessage(request);
    });
  } finally {
    clearTimeout(waiting);
    worker.terminate();
  }
}

/**
 * Returns the errors and warnings about a photo before it is sent. If the picture cannot be judged in a worker, only
 * its file and size are judged here, and the desk judges the rest.
 * @throws if the file cannot be read.
 */
export async function checkInWorker(file: Blob, limits: PhotoLimits): Promise<readonly Finding[]> {
  return (await askWorker(file, limits)) ?? checkPhotoFile(file, limits);
}
