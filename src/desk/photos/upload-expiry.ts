import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Repository } from '../storage/repository.ts';

const DAY = 86_400_000;
/** How long a photo may wait for the entry it was uploaded for, in milliseconds. */
export const KEEP_UPLOADS = 30 * DAY;

const row = z.object({ src: z.string(), blob: z.string(), uploaded: z.string() });

/** What became of uploads that were let go. */
export interface ExpiredUploads {
  /** In no entry after 30 days. */
  expired: number;
  /** Their bytes are not in the repository: it was damaged, or is older than the database. */
  missing: number;
}

function uploadsIn(database: DatabaseSync): z.output<typeof row>[] {
  const rows = database.prepare('SELECT src, blob, uploaded FROM uploads').all();
  return rows.map((found) => row.parse(found));
}

/** The blobs of all uploads, by the names of the photos. */
export function uploadedBlobs(database: DatabaseSync): Map<string, string> {
  return new Map(uploadsIn(database).map(({ src, blob }) => [src, blob] as const));
}

/**
 * Forgets uploads that can be of no use: in no commit that a ref reaches after 30 days, or without their bytes. Who
 * picks such a photo again uploads it again. The bytes themselves are left to maintenance.
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
  // As it was looked at: who has uploaded it again meanwhile keeps it.
  const forget = database.prepare('DELETE FROM uploads WHERE src = ? AND uploaded = ?');
  const orphaned = 'DELETE FROM uploaders WHERE NOT EXISTS (SELECT 1 FROM uploads WHERE uploads.src = uploaders.src)';
  for (const { src, uploaded } of [...missing, ...expired]) forget.run(src, uploaded);
  database.exec(orphaned);
  return { expired: expired.length, missing: missing.length };
}
