import type { PhotoLimits } from '../../photo/rules/size-rule.ts';
import type { Finding } from '../../photo/rules/finding.ts';
import { DeskError } from '../backend/desk-client.ts';
import { isRefused, isWaivableInAll, mergeFindings } from './desk-finding.ts';
import { isHeic, jpegOfHeic } from './heic.ts';
import { checkInWorker } from './check-in-worker.ts';
import { uploadWithRetry } from './upload-with-retry.ts';
import { PhotoRefused, type UploadedPhoto, type UploadPurpose } from './upload.ts';

/** What is being done with a photo on its way to the desk; `pausing`: it is about to be sent again. */
export type Stage = 'waiting' | 'converting' | 'checking' | 'sending' | 'pausing';

/**
 * How a photo fared: taken, refused by the rules, or not received for some other reason. `file`: as it was, or would
 * have been, sent.
 */
export type Outcome =
  { taken: UploadedPhoto } | { refused: readonly Finding[]; file: File } | { failed: DeskError; file: File };

/**
 * Takes a photo from a file to the desk: converted where it must be, judged here, and sent unless that refuses it.
 * `report` hears how far it is, from 0 to 1 within a stage, and which try it is, from 1. Rejects where the file cannot
 * be read or what converts it cannot be fetched; with the signal's reason where that stops it.
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
  const news = {
    sent: (part: number, attempt: number) => report('sending', part, attempt),
    pausing: (attempt: number) => report('pausing', 0, attempt),
  };
  try {
    const taken = await uploadWithRetry(file, purpose, news, signal);
    return { taken: { ...taken, findings: mergeFindings(here, taken.findings) } };
  } catch (error) {
    if (error instanceof PhotoRefused) return { refused: mergeFindings(here, error.findings), file };
    if (error instanceof DeskError) return { failed: error, file };
    throw error;
  }
}
