import type { PhotoLimits } from '../../photo/rules/size-rule.ts';
import type { Finding } from '../../photo/rules/finding.ts';
import { DeskError } from '../backend/desk-client.ts';
import { isRefused, isWaivableInAll, mergeFindings } from './finding-schema.ts';
import { isHeic, jpegOfHeic } from './heic.ts';
import { checkInWorker } from './check-in-worker.ts';
import { uploadWithRetry } from './upload-with-retry.ts';
import { PhotoRefused, type UploadedPhoto, type UploadPurpose } from './upload.ts';

/** Stage of a photo on its way to the desk. `pausing`: waiting before it is sent again. */
export type Stage = 'waiting' | 'converting' | 'checking' | 'sending' | 'pausing';

/**
 * Result for a photo: accepted, refused by the rules, or failed for another reason. `file` is what was sent, or would
 * have been.
 */
export type Outcome =
  { accepted: UploadedPhoto } | { refused: readonly Finding[]; file: File } | { failed: DeskError; file: File };

/**
 * Converts a photo if necessary, judges it here, and sends it to the desk unless it was refused here. Calls `report`
 * with the part done of a stage, from 0 to 1, and the number of the attempt, from 1.
 * @throws if the file cannot be read; DeskError if the converter cannot be loaded; the signal's reason if it stops
 * this.
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
