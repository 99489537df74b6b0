import type { PhotoView } from '../../model/view-models.ts';

/** Returns the first card that has a photo. On a page that begins with the cards, this photo is fetched early. */
export function firstWithPhoto<Card extends { cover: PhotoView | undefined }>(
  cards: readonly Card[],
): Card | undefined {
  return cards.find(({ cover }) => cover);
}
