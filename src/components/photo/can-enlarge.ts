import type { PhotoView } from '../../model/view-models.ts';

/**
 * Returns whether a photo opens large. Photos of drafts do not: they are not encoded, so there is no other file to
 * open, and the editor's preview runs no scripts.
 */
export function canEnlarge({ sources }: PhotoView): boolean {
  return sources.length > 0;
}
