import { z } from 'zod';
import type { PhotoLimits } from '../../photo/rules/size-rule.ts';
import type { Finding } from '../../photo/rules/finding.ts';
import { deskFinding } from './finding-schema.ts';
import type { CheckRequest } from './check-worker.ts';
import { checkPhotoFile } from './check-file.ts';

/** Longest time in milliseconds to wait for the worker's findings; after it the desk alone judges the pixels. */
const PATIENCE = 30_000;

const workerResult = z.object({ findings: z.array(deskFinding) });

/**
 * Resolves to the findings of a new worker; undefined if this browser has no workers, or if the worker failed or took
 * longer than `PATIENCE`. Terminates the worker afterwards, which frees its memory.
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
 * Resolves to the errors and warnings about a photo before it is sent. If no worker can judge the picture, only file
 * and size are judged, and the desk judges the rest.
 * @throws if the file cannot be read.
 */
export async function checkInWorker(file: Blob, limits: PhotoLimits): Promise<readonly Finding[]> {
  return (await askWorker(file, limits)) ?? checkPhotoFile(file, limits);
}
