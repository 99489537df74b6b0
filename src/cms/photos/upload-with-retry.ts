import { DeskError, isUnanswered } from '../backend/desk-client.ts';
import { uploadPhoto, type UploadedPhoto, type UploadPurpose } from './upload.ts';

/** Pause before the second, third and fourth attempt, in milliseconds. */
const PAUSES = [1000, 3000, 10_000] as const;

/** Largest number of attempts to send a photo. */
export const MAX_ATTEMPTS = PAUSES.length + 1;

const GIVEN_UP = `试了 ${MAX_ATTEMPTS} 次都没有传上去：连不上编辑台。写下的文字和别的照片都还在这一页，请检查网络，再点“再传一次”。`;

/** Callbacks for the progress of an upload. */
export interface UploadListeners {
  /** Called with the part that was sent, from 0 to 1, and the number of the attempt, from 1. */
  sent(part: number, attempt: number): void;
  /** Called after the connection was lost, with the number of the next attempt. */
  pausing(attempt: number): void;
}

/**
 * Returns whether sending the photo again may help, because the desk did not receive the whole photo or its response
 * was lost. Refusals are final.
 */
function isTemporary(error: unknown): boolean {
  // Status 400 is the response of the desk, or of a proxy, to a request that broke off.
  return isUnanswered(error) || (error instanceof DeskError && error.status === 400);
}

/** Resolves after some milliseconds, or earlier if the browser is online again or the signal is aborted. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
    window.addEventListener('online', () => resolve(), { signal: done.signal });
    signal.addEventListener('abort', () => resolve(), { signal: done.signal });
  });
  done.abort();
  clearTimeout(timer);
}

/**
 * Sends a photo to the desk. Repeats the upload up to `MAX_ATTEMPTS` times if the connection is lost. The desk names
 * photos by their bytes, so a photo that arrives twice is stored once.
 * @throws PhotoRefused if the desk refuses the photo; DeskError with the desk's sentence, or with status 0 after the
 * last attempt; the reason of `signal` if it is aborted.
 */
export async function uploadWithRetry(
  file: File,
  purpose: UploadPurpose,
  listeners: UploadListeners,
  signal: AbortSignal,
): Promise<UploadedPhoto> {
  for (const [index, length] of PAUSES.entries()) {
    const attempt = index + 1;
    try {
      return await uploadPhoto(file, purpose, (part) => listeners.sent(part, attempt), signal);
    } catch (error) {
      if (!isTemporary(error)) throw error;
      listeners.pausing(attempt + 1);
      await pause(length, signal);
      signal.throwIfAborted();
      listeners.sent(0, attempt + 1);
    }
  }
  try {
    return await uploadPhoto(file, purpose, (part) => listeners.sent(part, MAX_ATTEMPTS), signal);
  } catch (error) {
    throw isTemporary(error) ? new DeskError(GIVEN_UP, 0) : error;
  }
}
