import type { PhotoLimits } from '../../photo/rules/size-rule.ts';
import type { Finding } from '../../photo/rules/finding.ts';
import { DeskError } from '../backend/desk-client.ts';
import { isRefused, isWaivableInAll, mergeFindings } from './finding-schema.ts';
import { isHeic, jpegOfHeic } from './heic.ts';
import { checkInWorker } from './check-in-worker.ts';
import { uploadWithRetry } from './upload-with-retry.ts';
import { PhotoRefused, type UploadedPhoto, type UploadPurpose } from './upload.ts';

/** Stage of a photo between picking and storage at the desk. `pausing`: waiting before another attempt to send it. */
export type Stage = 'waiting' | 'converting' | 'checking' | 'sending' | 'pausing';

/**
 * Result of preparing and sending a photo: accepted by the desk, refused by the rules, or failed for another reason.
 * `file` is the file that was sent or would have been sent.
 */
export type Outcome =
  { accepted: UploadedPhoto } | { refused: readonly Finding[]; file: File } | { failed: DeskError; file: File };

/**
 * Converts a photo from HEIC if necessary, judges it in this browser, and sends it to the desk. A photo with errors is
 * not sent, except for a waiver: then it is sent if a reviewer may waive all its errors.
 * @param report called with a stage, the finished part of the stage from 0 to 1, and the number of the attempt, from 1.
 * @throws if the file cannot be read; DeskError if the decoder for HEIC cannot be loaded; the reason of `signal` if it
 * is aborted.
 */
export async function preparePhoto(
  original: File,
  limits: PhotoLimits,
  purpose: UploadPurpose,
  report: (stage: Stage, part: number, attempt: number) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  let file = original;
  if (await isHeic(original)) {
    report('converting', 0, 1);
    const converted = await jpegOfHeic(original);
    if (!(converted instanceof File)) return { refused: [converted], file: original };
    file = converted;
  }
  report('checking', 0, 1);
  const here = await checkInWorker(file, limits);
  if (isRefused(here) && !(purpose.forWaiver && isWaivableInAll(here))) return { refused: here, file };
  signal.throwIfAborted();
  report('sending', 0, 1);
  const listeners = {
    sent: (part: number, attempt: number) => report('sending', part, attempt),
    pausing: (attempt: number) => report('pausing', 0, attempt),
  };
  try {
    const photo = await uploadWithRetry(file, purpose, listeners, signal);
    return { accepted: { ...photo, findings: mergeFindings(here, photo.findings) } };
  } catch (error) {
    if (error instanceof PhotoRefused) return { refused: mergeFindings(here, error.findings), file };
    if (error instanceof DeskError) return { failed: error, file };
    throw error;
  }
}
