import type { PhotoView } from '../../model/view-models.ts';

/**
 * Returns whether a photo can be opened large. Photos of drafts cannot: they are not encoded, so there is no larger
 * file, and the editor's preview runs no scripts.
 */
export function canEnlarge({ sources }: PhotoView): boolean {
  return sources.length > 0;
}

/**
 * Returns whether an article is the page that readers get, and not the preview of a draft, whose photos have no larger
 * file. An article whose photos are all withdrawn is that page if it has a date of first publication.
 */
export function isForReaders({ photos, published }: {
  photos: readonly PhotoView[];
  published: string | undefined;
}): boolean {
  return photos.length === 0 ? published !== undefined : photos.some(canEnlarge);
}
