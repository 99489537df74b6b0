import { z } from 'zod';
import type { PhotoLimits } from '../../photo/rules/size-rule.ts';
import type { Finding } from '../../photo/rules/finding.ts';
import { deskFinding } from './desk-finding.ts';
import type { CheckRequest } from './check-worker.ts';
import { checkPhotoFile } from './check-file.ts';

/** After so many milliseconds a worker is given up: the desk judges the photo all the same. */
const PATIENCE = 30_000;

const answer = z.object({ findings: z.array(deskFinding) });

/** What a worker of its own finds; undefined: there are no workers here, or it failed. Its memory is given back. */
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
        const parsed = answer.safeParse(data);
        resolve(parsed.success ? parsed.data.findings : undefined);
      });
      const question: CheckRequest = { file, limits };
      worker.postMessage(question);
    });
  } finally {
    clearTimeout(waiting);
    worker.terminate();
  }
}

/**
 * What speaks against a photo before it is sent: errors, and warnings. Where the picture itself cannot be judged here,
 * its file and size are, and the desk judges the rest. Rejects where the file cannot be read.
 */
export async function checkInWorker(file: Blob, limits: PhotoLimits): Promise<readonly Finding[]> {
  return (await askWorker(file, limits)) ?? checkPhotoFile(file, limits);
}
