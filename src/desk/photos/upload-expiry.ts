import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Repository } from '../storage/repository.ts';

const DAY = 86_400_000;
/** How long an uploaded photo is kept if no entry uses it, in milliseconds. */
const KEEP_UPLOADS = 30 * DAY;

const row = z.object({ src: z.string(), blob: z.string(), uploaded: z.string() });

/** The number of uploads that were deleted, by reason. */
export interface ExpiredUploads {
  /** Deleted because no commit had contained the photo for 30 days. */
  expired: number;
  /** Deleted because the photo is not in the repository: the repository was damaged, or is older than the database. */
  missing: number;
}

function uploadsIn(database: DatabaseSync): z.output<typeof row>[] {
  const rows = database.prepare('SELECT src, blob, uploaded FROM uploads').all();
  return rows.map((found) => row.parse(found));
}

/** Returns the blob ids of all uploads, by the names of the photos. */
export function uploadedBlobs(database: DatabaseSync): Map<string, string> {
  return new Map(uploadsIn(database).map(({ src, blob }) => [src, blob] as const));
}

/**
 * Deletes the database rows of some uploads: of those whose photo is missing in the repository, and of those that are
 * older than 30 days and that no commit contains. Only commits that can be reached from a ref count. An editor who
 * still wants to use such a photo uploads it again. Maintenance deletes the bytes of the photos later. Resolves to the
 * numbers of deleted uploads.
 */
export async function expireUploads(
  database: DatabaseSync,
  repository: Repository,
  now: Date,
): Promise<ExpiredUploads> {
  const uploads = uploadsIn(database);
  const present = await Promise.all(uploads.map(async ({ blob }) => repository.has(blob)));
  const missing = uploads.filter((_, index) => !present[index]);
  const oldest = new Date(now.getTime() - KEEP_UPLOADS).toISOString();
  const old = uploads.filter(({ uploaded }, index) => present[index] && uploaded < oldest);
  const reached = old.length > 0 ? await repository.reached() : new Set<string>();
  const expired = old.filter(({ blob }) => !reached.has(blob));
  // The time of the upload is compared too, so that a photo that was uploaded again in the meantime stays.
  const forget = database.prepare('DELETE FROM uploads WHERE src = ? AND uploaded = ?');
  const orphaned = 'DELETE FROM uploaders WHERE NOT EXISTS (SELECT 1 FROM uploads WHERE uploads.src = uploaders.src)';
  for (const { src, uploaded } of [...missing, ...expired]) forget.run(src, uploaded);
  database.exec(orphaned);
  return { expired: expired.length, missing: missing.length };
}
