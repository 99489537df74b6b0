import type { PhotoView } from '../../model/view-models.ts';

/**
 * Returns whether a photo can be opened large. Photos of drafts cannot: they are not encoded, so there is no larger
 * file, and the editor's preview runs no scripts.
 */
export function canEnlarge({ sources }: PhotoView): boolean {
  return sources.length > 0;
}

/**
 * Returns whether an article has a public page to share. A preview has none: the photos of a draft cannot be opened
 * large. If all photos of an article are withdrawn, the date of its first publication (`published`) decides.
 */
export function isForReaders({
  photos,
  published,
}: {
  photos: readonly PhotoView[];
  published: string | undefined;
}): boolean {
  return photos.length === 0 ? published !== undefined : photos.some(canEnlarge);
}
