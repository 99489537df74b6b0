import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LIGHT, settingsKey } from '../../photo/encode/variants.ts';
import type { DraftPhotos, StoredDraftPhoto } from './draft-photos.ts';
import { photoType } from './photo-type.ts';

/** Key of the settings for small JPEGs. It is part of their ETag, because other settings make another file. */
const LIGHT_VERSION = settingsKey(LIGHT);

/**
 * Resolves to the first bytes of a stream, which still yields all of them afterwards; they are empty if there are none.
 * Rejects if the stream fails before.
 */
async function firstBytes(stream: Readable): Promise<Uint8Array> {
  if (stream.readableLength === 0 && !stream.readableEnded) await once(stream, 'readable');
  const chunk: unknown = stream.read();
  if (!(chunk instanceof Uint8Array)) return new Uint8Array();
  stream.unshift(chunk);
  return chunk;
}

/**
 * Sends a photo, or status 304 if the client has it. If `light` is true, sends a small JPEG, or the original if none
 * can be made. The caller must have checked that the client may see the photo.
 */
export async function sendPhotoResponse(
  request: FastifyRequest,
  reply: FastifyReply,
  { photos }: { photos: DraftPhotos },
  photo: StoredDraftPhoto,
  light: boolean,
): Promise<FastifyReply> {
  const etag = `"${photo.blob}${light ? `-light-${LIGHT_VERSION}` : ''}"`;
  reply.header('etag', etag).header('cache-control', 'private, max-age=0, must-revalidate');
  // This policy prevents browsers from running anything that the bytes may contain.
  reply.header('content-security-policy', "default-src 'none'; sandbox");
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  const rendition = light ? await photos.lightOf(photo) : undefined;
  if (rendition !== undefined) return reply.type('image/jpeg').send(createReadStream(rendition));
  const { stream, size } = await photos.original(photo);
  // With its length: a stream that fails in the middle is no whole file for the browser.
  return reply
    .type(photoType(await firstBytes(stream)))
    .header('content-length', size)
    .send(stream);
}
