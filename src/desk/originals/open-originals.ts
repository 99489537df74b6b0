import { join } from 'node:path';
import { FolderOriginals } from './folder-originals.ts';
import { OriginalsCache } from './originals-cache.ts';
import type { Originals } from './originals.ts';
import type { S3Address, S3Key } from './s3-address.ts';
import { S3Client, type S3Limits } from './s3-client.ts';
import { S3Originals } from './s3-originals.ts';

/** Where originals are stored: in S3, or (undefined) in the data folder. */
export type OriginalsPlace = { address: S3Address; key: S3Key } | undefined;

export interface OriginalsOptions {
  /**
   * Whether this process holds the data folder's lock. Only it removes what killed processes have left; others may be
   * writing at the same time.
   */
  alone: boolean;
  /** Size limit of the cache in bytes; originals-cache.ts has the default. */
  cacheLimit?: number | undefined;
  /** Limits of requests; s3-client.ts has the defaults. */
  limits?: Partial<S3Limits> | undefined;
  /** Objects in a page of a list; s3-originals.ts has the default. */
  page?: number | undefined;
}

/** Names of the folders in a data folder: of the originals, and of copies of those that are stored in S3. */
export const ORIGINALS_FOLDER = 'originals';
export const CACHE_FOLDER = 'originals-cache';

/** Opens the originals of a data folder. Sends no request: `ready` checks whether S3 can be used. */
export async function openOriginals(
  data: string,
  place: OriginalsPlace,
  { alone, cacheLimit, limits, page }: OriginalsOptions,
): Promise<Originals> {
  if (!place) {
    const folder = join(data, ORIGINALS_FOLDER);
    return alone ? FolderOriginals.open(folder) : FolderOriginals.join(folder);
  }
  const cache = new OriginalsCache(join(data, CACHE_FOLDER), cacheLimit);
  if (alone) await cache.removeUnfinished();
  return new S3Originals(new S3Client(place.address, place.key, limits), place.address, cache, page);
}
