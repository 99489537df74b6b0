import type { PhotoLimits } from '../photo/size-rule.ts';
import type { Finding } from '../photo/finding.ts';
import { isRefused, isWaivableInAll, mergeFindings } from './desk-finding.ts';
import { isHeic, jpegOfHeic } from './heic.ts';
import { judgePhoto } from './photo-judge.ts';
import { PhotoRefused, uploadPhoto, type UploadedPhoto, type UploadPurpose } from './photo-upload.ts';

/** What is being done with a photo on its way to the desk. */
export type Stage = 'waiting' | 'converting' | 'checking' | 'sending';

/** How a photo fared. `file`: as it was, or would have been, sent. */
export type Outcome = { taken: UploadedPhoto } | { refused: readonly Finding[]; file: File };

/**
 * Takes a photo from a file to the desk: converted where it must be, judged here, and sent unless that refuses it.
 * `report` hears how far it is, from 0 to 1 within a stage. Rejects where file or desk cannot be reached.
 */
export async function takeIn(
  original: File,
  limits: PhotoLimits,
  purpose: UploadPurpose,
  report: (stage: Stage, part: number) => void,
): Promise<Outcome> {
  let file = original;
  if (await isHeic(original)) {
    report('converting', 0);
    const converted = await jpegOfHeic(original);
    if (!(converted instanceof File)) return { refused: [converted], file: original };
    file = converted;
  }
  report('checking', 0);
  const here = await judgePhoto(file, limits);
  if (isRefused(here) && !(purpose.forWaiver && isWaivableInAll(here))) return { refused: here, file };
  report('sending', 0);
  try {
    const taken = await uploadPhoto(file, purpose, (part) => report('sending', part));
    return { taken: { ...taken, findings: mergeFindings(here, taken.findings) } };
  } catch (error) {
    if (error instanceof PhotoRefused) return { refused: mergeFindings(here, error.findings), file };
    throw error;
  }
}
