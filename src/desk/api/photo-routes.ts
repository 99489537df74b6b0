import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Library } from '../../library/library.ts';
import { FILE_LIMITS } from '../../photo/rules/file-rule.ts';
import { access, stillAllowed } from '../authorisation/route-access.ts';
import { requireEditor } from '../authorisation/session-guards.ts';
import type { DraftPhotos, StoredDraftPhoto } from '../photos/draft-photos.ts';
import type { Editor } from '../domain/editor.ts';
import { entryRefAt, type EntryRef } from '../domain/entry-ref.ts';
import { sendPhotoResponse } from '../photos/photo-response.ts';
import { turnedPhoto } from '../photos/turned-photo.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Repository } from '../storage/repository.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import { tooLarge, type Received, type Upload, type UploadOptions, type Uploads } from '../photos/uploads.ts';

export interface PhotoRoutesOptions {
  repository: Repository;
  audit: AuditLog;
  uploads: Uploads;
  photos: DraftPhotos;
  /** Resolves to the published content. */
  library(): Promise<Library>;
  /** Receives every uploaded photo that was accepted. */
  onUpload(upload: Upload): void;
}

const entryFolder = z.string().optional().catch(undefined);
const query = {
  /**
   * Query of an upload. `for=waiver`: accept a photo with errors that a reviewer can waive. `entry`: path of the folder
   * of the photo's entry.
   */
  upload: z.object({ for: z.literal('waiver').optional().catch(undefined), entry: entryFolder }),
  /** Query of a photo. `as=light`: send a small JPEG, which is made quickly, if one can be made. */
  photo: z.object({ as: z.literal('light').optional().catch(undefined) }),
  /** Query of a turn. `turn`: number of quarter turns of 90° to the right. */
  turn: z.object({ turn: z.enum(['1', '2', '3']) }),
};
const path = z.object({ '*': z.string() });

/**
 * Returns the SHA-256 of a photo in hexadecimal, as the request states it (header Content-Digest, RFC 9530). Returns
 * undefined if the request states none.
 */
function statedDigest({ headers }: FastifyRequest): string | undefined {
  const stated = /(?:^|[ ,])sha-256=:([A-Za-z0-9+/=]+):/u.exec(String(headers['content-digest']))?.[1];
  return stated === undefined ? undefined : Buffer.from(stated, 'base64').toString('hex');
}

/**
 * Returns the entry in a folder, or undefined if `folder` is undefined or empty.
 * @throws Refusal 422 if no entry can have the folder.
 */
function entryIn(folder: string | undefined): EntryRef | undefined {
  return folder === undefined || folder === '' ? undefined : entryRefAt(`${folder}/index.md`);
}

/**
 * Returns the entry that a photo is uploaded for, or undefined if the request names none.
 * @throws Refusal 422 if no entry can have the folder that the request names.
 */
function entryOfUpload(request: FastifyRequest): EntryRef | undefined {
  return entryIn(query.upload.parse(request.query).entry);
}

/**
 * Returns the file name and the entry of a photo from the URL: `<folder of the entry>/<src>`, or only `<src>` while no
 * entry contains the photo.
 * @throws Refusal 422 if no entry can have the folder.
 */
function photoIn(request: FastifyRequest): { src: string; entry: EntryRef | undefined } {
  const whole = path.parse(request.params)['*'];
  const border = whole.lastIndexOf('/');
  return { src: whole.slice(border + 1), entry: entryIn(whole.slice(0, Math.max(0, border))) };
}

function listOf(entry: EntryRef | undefined): EntryRef[] {
  return entry ? [entry] : [];
}

/** Registers the routes that receive, turn and send photos, and return what the photo rules find. */
export function photoRoutes(server: FastifyInstance, options: PhotoRoutesOptions): void {
  const { uploads, photos, library } = options;
  const ofPhoto = access({
    who: 'signed-in',
    entries: (request) => listOf(photoIn(request).entry),
    deferred: ['own upload'],
  });

  /**
   * Resolves to the photo that the URL names, and to the photo's entry.
   * @throws Refusal 404 if there is no such photo that the person may see.
   */
  async function find(request: FastifyRequest): Promise<{ photo: StoredDraftPhoto; entry: EntryRef | undefined }> {
    const { src, entry } = photoIn(request);
    const photo = await photos.find(entry, src, requireEditor(request));
    if (!photo) throw new Refusal(404, `找不到照片“${src.slice(0, 80)}”。`);
    return { photo, entry };
  }

  /** Returns the part of the options for receiving a photo that does not depend on where its bytes come from. */
  function admission(request: FastifyRequest, entry: EntryRef | undefined): Pick<UploadOptions, 'uploader' | 'judge'> {
    return {
      // An upload takes minutes over a slow line: the account may have been disabled or changed meanwhile.
      uploader: async () => stillAllowed(request),
      judge: async (photo) => (await library()).findingsOf(photo, entry?.file),
    };
  }

  /** Records that a photo was accepted, under the name of an action. Returns the body of the response. */
  function accepted(editor: Editor, { upload, findings }: Received, action: string) {
    options.onUpload(upload);
    options.audit.record(editor, action, upload.src);
    const { src, width, height, size } = upload;
    return { src, width, height, size, findings };
  }

  const uploading = access({ who: 'signed-in', entries: (request) => listOf(entryOfUpload(request)) });
  server.put('/photos', { bodyLimit: FILE_LIMITS.bytes + 1, ...uploading }, async (request) => {
    // Fastify has parsed the body, so the Content-Type is not a photo's.
    if (request.body !== undefined) throw new Refusal(415, '这里只收照片文件，没有保存。请重新选一次照片。');
    // Refuses a photo that is too large before its bytes arrive.
    const bytes = Number(request.headers['content-length'] ?? NaN);
    if (bytes > FILE_LIMITS.bytes) throw tooLarge();
    const editor = requireEditor(request);
    const received = await uploads.receive(request.raw, editor, {
      ...admission(request, entryOfUpload(request)),
      sent: statedDigest(request),
      forWaiver: query.upload.parse(request.query).for === 'waiver',
      bytes,
    });
    return accepted(editor, received, '上传照片');
  });

  server.post('/photos/*', ofPhoto, async (request) => {
    const turn = query.turn.safeParse(request.query);
    if (!turn.success) throw new Refusal(422, '没有写明照片往哪边转，没有转。请再点一次“向左转”或“向右转”。');
    const editor = requireEditor(request);
    const { photo, entry } = await find(request);
    const turnedFrom = await photos.nameOf(photo);
    uploads.requireNotErased(turnedFrom.hash, '转');
    const { stream, size } = await photos.original(photo);
    try {
      const received = await uploads.receive(turnedPhoto(stream, Number(turn.data.turn)), editor, {
        ...admission(request, entry),
        // The photo was accepted before: what was to be waived then is to be waived still.
        forWaiver: true,
        bytes: size,
        turnedFrom,
      });
      return accepted(editor, received, '转照片');
    } finally {
      // If the disk is too full, nobody has read the stream.
      stream.destroy();
    }
  });

  server.get('/photos/*', ofPhoto, async (request, reply) => {
    const { photo } = await find(request);
    const light = query.photo.parse(request.query).as === 'light';
    return sendPhotoResponse(request, reply, options, photo, light);
  });

  server.get('/judgements/*', ofPhoto, async (request) => {
    const { photo, entry } = await find(request);
    const inspected = await photos.inspect(photo);
    const { width, height, size } = inspected;
    return { width, height, size, findings: (await library()).findingsOf(inspected, entry?.file) };
  });
}
