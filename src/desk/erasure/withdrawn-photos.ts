import { photoEntries } from '../../library/store/photo-lists.ts';
import type { EntryStore } from '../../library/store/entry-store.ts';
import type { WithdrawnPhoto } from './erasure.ts';

/** Returns the withdrawn photos of all published entries. */
export function withdrawnPhotosIn(store: Pick<EntryStore, 'versions'>): WithdrawnPhoto[] {
  return Array.from(photoEntries(store)).flatMap(({ file: entry, photos }) =>
    photos.flatMap(({ src, withdrawn }) => (withdrawn ? [{ entry, src, ...withdrawn }] : [])),
  );
}
