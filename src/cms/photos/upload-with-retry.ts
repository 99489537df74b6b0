import { DeskError, isUnanswered } from '../backend/desk-client.ts';
import { uploadPhoto, type UploadedPhoto, type UploadPurpose } from './upload.ts';

/** Pause before each further attempt, in milliseconds. */
const PAUSES = [1000, 3000, 10_000] as const;

/** How often sending a photo is attempted. */
export const MAX_ATTEMPTS = PAUSES.length + 1;

const GIVEN_UP = `试了 ${MAX_ATTEMPTS} 次都没有传上去：连不上编辑台。写下的文字和别的照片都还在这一页，请检查网络，再点“再传一次”。`;

/** Callbacks for the progress of sending. */
export interface UploadListeners {
  /** Called with the part sent, from 0 to 1, of an attempt, from 1. */
  sent(part: number, attempt: number): void;
  /** Called when the connection was lost, before `attempt`. */
  pausing(attempt: number): void;
}

/** Returns whether the desk did not get the whole photo, so that sending it again may help. Refusals are final. */
function isTemporary(error: unknown): boolean {
  // 400: the response of the desk, or of a proxy, to a request that broke off.
  return isUnanswered(error) || (error instanceof DeskError && error.status === 400);
}

/** Waits for some milliseconds, or until the browser is online again, or until the signal aborts. */
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
 * Sends a photo to the desk, again if the connection was lost. The desk names photos by their bytes, so one that
 * arrives twice is stored once.
 * @throws DeskError with a sentence; the signal's reason if it stops this.
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
