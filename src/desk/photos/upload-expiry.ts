import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Repository } from '../storage/repository.ts';

const DAY = 86_400_000;
/** How long an uploaded photo is kept if no entry uses it, in milliseconds. */
const KEEP_UPLOADS = 30 * DAY;

const waiting = z.object({ src: z.string(), blob: z.string(), uploaded: z.string() });
const stored = z.object({ src: z.string(), blob: z.string(), hash: z.string(), size: z.number() });

/** The number of uploads that were deleted. */
export interface ExpiredUploads {
  /** Deleted because no commit had contained the photo for 30 days. */
  expired: number;
}

/** Returns the blob ids of all uploads, by the names of the photos. */
export function uploadedBlobs(database: DatabaseSync): Map<string, string> {
  return new Map(uploadedPhotos(database).map(({ src, blob }) => [src, blob] as const));
}

/** Returns name, blob, SHA-256 and size in bytes of every upload. */
export function uploadedPhotos(database: DatabaseSync): z.output<typeof stored>[] {
  const rows = database.prepare('SELECT src, blob, hash, size FROM uploads').all();
  return rows.map((found) => stored.parse(found));
}

/**
 * Deletes the database rows of uploads that are older than 30 days and that no commit contains. Only commits that can be
 * reached from a ref count. An editor who still wants to use such a photo uploads it again. Maintenance deletes the
 * bytes of the photos later. Resolves to the number of deleted uploads. Takes long in a large repository.
 */
export async function expireUploads(
  database: DatabaseSync,
  repository: Repository,
  now: Date,
): Promise<ExpiredUploads> {
  const oldest = new Date(now.getTime() - KEEP_UPLOADS).toISOString();
  const rows = database.prepare('SELECT src, blob, uploaded FROM uploads WHERE uploaded < ?').all(oldest);
  if (rows.length === 0) return { expired: 0 };
  const reached = await repository.reached();
  const expired = rows.map((found) => waiting.parse(found)).filter(({ blob }) => !reached.has(blob));
  // The time of the upload is compared too, so that a photo that was uploaded again in the meantime stays.
  const forget = database.prepare('DELETE FROM uploads WHERE src = ? AND uploaded = ?');
  const orphaned = 'DELETE FROM uploaders WHERE NOT EXISTS (SELECT 1 FROM uploads WHERE uploads.src = uploaders.src)';
  for (const { src, uploaded } of expired) forget.run(src, uploaded);
  database.exec(orphaned);
  return { expired: expired.length };
}
