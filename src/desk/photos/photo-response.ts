import { readFile } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LIGHT, settingsKey } from '../../photo/encode/variants.ts';
import type { DraftPhotos, StoredDraftPhoto } from './draft-photos.ts';
import { photoType } from './photo-type.ts';
import type { Repository } from '../storage/repository.ts';

/** Part of the ETag: other settings make other small JPEGs. */
const LIGHT_VERSION = settingsKey(LIGHT);

/** The sources of photos' bytes. */
export interface PhotoSource {
  repository: Repository;
  photos: DraftPhotos;
}

/** Sends a photo that the requester may see; with `light` as a small JPEG if one can be made. */
export async function sendPhotoResponse(
  request: FastifyRequest,
  reply: FastifyReply,
  { repository, photos }: PhotoSource,
  photo: StoredDraftPhoto,
  light: boolean,
): Promise<FastifyReply> {
  const etag = `"${photo.blob}${light ? `-light-${LIGHT_VERSION}` : ''}"`;
  reply.header('etag', etag).header('cache-control', 'private, max-age=0, must-revalidate');
  // Whatever the bytes are, nothing in them is executed.
  reply.header('content-security-policy', "default-src 'none'; sandbox");
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  const rendition = light ? await photos.lightOf(photo) : undefined;
  if (rendition !== undefined) return reply.type('image/jpeg').send(await readFile(rendition));
  const bytes = await repository.bytes(photo.blob);
  return reply.type(photoType(bytes)).send(bytes);
}
