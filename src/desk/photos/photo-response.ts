import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LIGHT, settingsKey } from '../../photo/encode/variants.ts';
import type { DraftPhotos, StoredDraftPhoto } from './draft-photos.ts';
import { photoType } from './photo-type.ts';

/** Part of the ETag: other settings make other small JPEGs. */
const LIGHT_VERSION = settingsKey(LIGHT);

/**
 * Returns the first bytes of a stream, which still gives all of them afterwards; empty if there are none. Rejects if
 * the stream fails before.
 */
async function firstBytes(stream: Readable): Promise<Uint8Array> {
  if (stream.readableLength === 0 && !stream.readableEnded) await once(stream, 'readable');
  const chunk: unknown = stream.read();
  if (!(chunk instanceof Uint8Array)) return new Uint8Array();
  stream.unshift(chunk);
  return chunk;
}

/** Sends a photo that the requester may see; with `light` as a small JPEG if one can be made. */
export async function sendPhotoResponse(
  request: FastifyRequest,
  reply: FastifyReply,
  { photos }: { photos: DraftPhotos },
  photo: StoredDraftPhoto,
  light: boolean,
): Promise<FastifyReply> {
  const etag = `"${photo.blob}${light ? `-light-${LIGHT_VERSION}` : ''}"`;
  reply.header('etag', etag).header('cache-control', 'private, max-age=0, must-revalidate');
  // Whatever the bytes are, nothing in them is executed.
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
