import type { PhotoView } from '../../model/view-models.ts';

/**
 * Returns the first card that has a photo; undefined if none has one. If the page begins with these cards, the photo
 * should be loaded early.
 */
export function firstWithPhoto<Card extends { cover: PhotoView | undefined }>(
  cards: readonly Card[],
): Card | undefined {
  return cards.find(({ cover }) => cover);
}
