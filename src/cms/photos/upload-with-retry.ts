import { DeskError, isUnanswered } from '../backend/desk-client.ts';
import { uploadPhoto, type UploadedPhoto, type UploadPurpose } from './upload.ts';

/** How long is waited before each further try, in milliseconds. */
const PAUSES = [1000, 3000, 10_000] as const;

/** How often a photo is sent before it is given up. */
export const MOST_TRIES = PAUSES.length + 1;

const GIVEN_UP = `试了 ${MOST_TRIES} 次都没有传上去：连不上编辑台。写下的文字和别的照片都还在这一页，请检查网络，再点“再传一次”。`;

/** Who is told how sending goes on. */
export interface UploadListeners {
  /** Of the try (from 1) under way so much has been sent, from 0 to 1. */
  sent(part: number, attempt: number): void;
  /** The connection was lost; `attempt` is about to follow. */
  pausing(attempt: number): void;
}

/** The desk never got the photo whole: sending it once more may help. Rules that refuse it refuse it again. */
function isPassing(error: unknown): boolean {
  // 400 is how the desk, or what stands before it, answers to what broke off.
  return isUnanswered(error) || (error instanceof DeskError && error.status === 400);
}

/** Waits so many milliseconds, or until the browser says that it is online again, or until it is no longer wanted. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
    window.addEventListener('online', () => resolve(), { signal: over.signal });
    signal.addEventListener('abort', () => resolve(), { signal: over.signal });
  });
  over.abort();
  clearTimeout(timer);
}

/**
 * Sends a photo to the desk, again where the connection was lost: the desk names photos by their bytes, so that one that
 * arrives twice is there once. Rejects with a sentence, or with the signal's reason where that stops it.
 */
export async function uploadWithRetry(
  file: File,
  purpose: UploadPurpose,
  news: UploadListeners,
  signal: AbortSignal,
): Promise<UploadedPhoto> {
  for (const [index, length] of PAUSES.entries()) {
    const attempt = index + 1;
    try {
      return await uploadPhoto(file, purpose, (part) => news.sent(part, attempt), signal);
    } catch (error) {
      if (!isPassing(error)) throw error;
      news.pausing(attempt + 1);
      await pause(length, signal);
      signal.throwIfAborted();
      news.sent(0, attempt + 1);
    }
  }
  try {
    return await uploadPhoto(file, purpose, (part) => news.sent(part, MOST_TRIES), signal);
  } catch (error) {
    throw isPassing(error) ? new DeskError(GIVEN_UP, 0) : error;
  }
}
