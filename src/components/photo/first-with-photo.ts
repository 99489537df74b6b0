import type { PhotoView } from '../../model/answers.ts';

/** The first of some cards that has a photo: on a page that begins with them, the one whose photo is fetched early. */
export function firstWithPhoto<Card extends { cover: PhotoView | undefined }>(
  cards: readonly Card[],
): Card | undefined {
  return cards.find(({ cover }) => cover);
}
