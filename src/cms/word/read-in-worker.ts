import { z } from 'zod';
import { fieldNames, type SiteNames } from '../../word/fields/story.ts';
import type { WordStory } from '../../word/read-word.ts';
import type { ReadRequest } from './word-worker.ts';

/** Longest time in milliseconds to wait for the worker. A document of 50 MB takes less than 2 s. */
const PATIENCE = 60_000;

/** Why a file was not read (`what`), and what to do about it (`remedy`), in Chinese. */
export interface ReadFailure {
  what: string;
  remedy: string;
}

const found = z.object({ value: z.string(), sure: z.boolean(), from: z.string() });
const photo = z.object({
  bytes: z.instanceof(Uint8Array),
  caption: z.string(),
  credit: z.string(),
  alt: z.string(),
  cropped: z.boolean(),
});
const reply = z.union([
  z.object({
    story: z.object({
      fields: z.partialRecord(z.enum(fieldNames), found),
      body: z.string(),
      photos: z.array(photo),
      notes: z.array(z.string()),
    }),
  }),
  z.object({ refused: z.object({ what: z.string(), remedy: z.string() }) }),
]);

const UNREADABLE: ReadFailure = {
  what: '这台电脑读不出这个文件',
  remedy: '请确认文件没有被移动或删除，再选一次；还不行的，把文字粘贴到正文里。',
};

/**
 * Reads a document in a new worker. Resolves to what was found, or to why it was not read.
 * @throws the reason of `signal` if it is aborted. The worker is then terminated.
 */
export async function readInWorker(file: File, site: SiteNames, signal: AbortSignal): Promise<WordStory | ReadFailure> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('./word-worker.ts', import.meta.url), { type: 'module' });
  let waiting: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise((resolve, reject) => {
      const giveUp = (): void => resolve(UNREADABLE);
      waiting = setTimeout(giveUp, PATIENCE);
      signal.addEventListener('abort', () => reject(signal.reason));
      worker.addEventListener('error', giveUp);
      worker.addEventListener('messageerror', giveUp);
      worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        const parsed = reply.safeParse(data);
        if (!parsed.success) giveUp();
        else resolve('story' in parsed.data ? parsed.data.story : parsed.data.refused);
      });
      const request: ReadRequest = { file, site };
      worker.postMessage(request);
    });
  } finally {
    clearTimeout(waiting);
    worker.terminate();
  }
}
