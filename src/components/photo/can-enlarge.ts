import type { PhotoView } from '../../model/view-models.ts';

/**
 * Returns whether a photo can be opened large. Photos of drafts cannot: they are not encoded, so there is no larger
 * file, and the editor's preview runs no scripts.
 */
export function canEnlarge({ sources }: PhotoView): boolean {
  return sources.length > 0;
}
