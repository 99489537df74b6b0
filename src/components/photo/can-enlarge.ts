import type { PhotoView } from '../../model/answers.ts';

/**
 * Whether a photo opens large. One of a draft does not: it is not encoded, so there is no other file to open, and the
 * editor's preview runs no scripts.
 */
export function canEnlarge({ sources }: PhotoView): boolean {
  return sources.length > 0;
}
