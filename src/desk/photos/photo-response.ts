import { readFile } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LIGHT, settingsKey } from '../../photo/encode/variants.ts';
import type { DraftPhotos, StoredDraftPhoto } from './draft-photos.ts';
import { photoType } from './photo-type.ts';
import type { Repository } from '../storage/repository.ts';

/** Key of the settings for small JPEGs. It is part of their ETag, because other settings make another file. */
const LIGHT_VERSION = settingsKey(LIGHT);

/** The sources of a photo's bytes: the original in the repository, and small JPEGs. */
interface PhotoSource {
  repository: Repository;
  photos: DraftPhotos;
}

/**
 * Sends a photo, or status 304 if the client has it. If `light` is true, sends a small JPEG, or the original if none
 * can be made. The caller must have checked that the client may see the photo.
 */
export async function sendPhotoResponse(
  request: FastifyRequest,
  reply: FastifyReply,
  { repository, photos }: PhotoSource,
  photo: StoredDraftPhoto,
  light: boolean,
): Promise<FastifyReply> {
  const etag = `"${photo.blob}${light ? `-light-${LIGHT_VERSION}` : ''}"`;
  reply.header('etag', etag).header('cache-control', 'private, max-age=0, must-revalidate');
  // This policy prevents browsers from running anything that the bytes may contain.
  reply.header('content-security-policy', "default-src 'none'; sandbox");
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  const rendition = light ? await photos.lightOf(photo) : undefined;
  if (rendition !== undefined) return reply.type('image/jpeg').send(await readFile(rendition));
  const bytes = await repository.bytes(photo.blob);
  return reply.type(photoType(bytes)).send(bytes);
}
