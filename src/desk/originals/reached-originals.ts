import type { Repository } from '../storage/repository.ts';
import { POINTER_SIZES, type OriginalName } from './pointer.ts';
import type { StoredPhotos } from './stored-photos.ts';

/** An original that the repository needs, with the id of the blob that points to it. */
export interface ReachedOriginal extends OriginalName {
  blob: string;
}

/**
 * Returns the originals that refs of the repository reach: published, in drafts, in earlier versions, in deleted
 * drafts, in refused texts, and uploads that maintenance protects. Takes long in a large repository.
 */
export async function reachedOriginals(repository: Repository, photos: StoredPhotos): Promise<ReachedOriginal[]> {
  const found: ReachedOriginal[] = [];
  // One after another: reading them all at once would delay editors.
  for (const blob of await repository.reachedBlobs(POINTER_SIZES)) {
    const name = await photos.pointer(blob);
    if (name) found.push({ ...name, blob });
  }
  return found;
}
