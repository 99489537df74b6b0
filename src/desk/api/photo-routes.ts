import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { FILE_LIMITS } from '../../photo/rules/file-rule.ts';
import type { Finding } from '../../photo/rules/finding.ts';
import { requireEditor } from '../authorisation/session-guards.ts';
import type { DraftPhotos, StoredDraftPhoto } from '../photos/draft-photos.ts';
import { entryRefAt, type EntryRef } from '../domain/entry-ref.ts';
import { sendPhotoResponse } from '../photos/photo-response.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Repository } from '../storage/repository.ts';
import type { AuditLog } from '../accounts/audit-log.ts';
import type { Permissions } from '../authorisation/permissions.ts';
import { tooLarge, type InspectedPhoto, type Upload, type Uploads } from '../photos/uploads.ts';

export interface PhotoRoutesOptions {
  repository: Repository;
  policy: Permissions;
  audit: AuditLog;
  uploads: Uploads;
  photos: DraftPhotos;
  /** Everything that is to be said of a photo for an entry; `file`: that of the entry, if it has one yet. */
  findingsOf(photo: InspectedPhoto, file: string | undefined): Promise<Finding[]>;
  /** Receives every photo that was accepted. */
  onUpload(upload: Upload): void;
}

const entryFolder = z.string().optional().catch(undefined);
const query = {
  /** `for=waiver`: the editor knows that a reviewer will have to waive an error. `entry`: folder of the photo's entry. */
  upload: z.object({ for: z.literal('waiver').optional().catch(undefined), entry: entryFolder }),
  /** `as=light`: as a JPEG that is quickly there. */
  photo: z.object({ as: z.literal('light').optional().catch(undefined) }),
};

/** The SHA-256 that a sender vouches for (RFC 9530, Content-Digest), hexadecimal; undefined: none. */
function digestSaid({ headers }: FastifyRequest): string | undefined {
  const said = /(?:^|[ ,])sha-256=:([A-Za-z0-9+/=]+):/u.exec(String(headers['content-digest']))?.[1];
  return said === undefined ? undefined : Buffer.from(said, 'base64').toString('hex');
}

/** The entry of a folder; undefined: none is named. Throws a Refusal where no entry can be there. */
function entryIn(folder: string | undefined): EntryRef | undefined {
  return folder === undefined || folder === '' ? undefined : entryRefAt(`${folder}/index.md`);
}

type PathRequest = FastifyRequest<{ Params: { '*': string } }>;

/** Sending photos in, looking at them, and asking what the rules say of them. */
export function photoRoutes(server: FastifyInstance, options: PhotoRoutesOptions): void {
  const { policy, uploads, photos, findingsOf } = options;

  /** The photo that a path names: `<folder of its entry>/<src>`, or `<src>` alone while it is only uploaded. */
  async function find(request: PathRequest): Promise<{ photo: StoredDraftPhoto; entry: EntryRef | undefined }> {
    const path = request.params['*'];
    const src = path.slice(path.lastIndexOf('/') + 1);
    const entry = entryIn(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
    const editor = requireEditor(request);
    if (entry) await policy.requireAccess(editor, entry);
    const photo = await photos.find(entry, src, editor);
    if (!photo) throw new Refusal(404, `找不到照片“${src.slice(0, 80)}”。`);
    return { photo, entry };
  }

  server.put('/photos', { bodyLimit: FILE_LIMITS.bytes + 1 }, async (request) => {
    // Parsed already: it was not sent as a photo.
    if (request.body !== undefined) throw new Refusal(415, '这里只收照片文件，没有保存。请重新选一次照片。');
    // Refused before it is sent, not after.
    const bytes = Number(request.headers['content-length'] ?? NaN);
    if (bytes > FILE_LIMITS.bytes) throw tooLarge();
    const { for: purpose, entry } = query.upload.parse(request.query);
    const editor = requireEditor(request);
    const name = entryIn(entry);
    if (name) await policy.requireAccess(editor, name);
    const file = name?.file;
    const { upload, findings } = await uploads.receive(request.raw, editor, {
      // A photo takes minutes over a slow line: its sender is looked up again when it has arrived.
      uploader: () => requireEditor(request),
      judge: async (photo) => findingsOf(photo, file),
      sent: digestSaid(request),
      forWaiver: purpose === 'waiver',
      bytes,
    });
    options.onUpload(upload);
    options.audit.note(editor, '上传照片', upload.src);
    const { src, width, height, size } = upload;
    return { src, width, height, size, findings };
  });

  server.get('/photos/*', async (request: PathRequest, reply) => {
    const { photo } = await find(request);
    const light = query.photo.parse(request.query).as === 'light';
    return sendPhotoResponse(request, reply, options, photo, light);
  });

  server.get('/judgements/*', async (request: PathRequest) => {
    const { photo, entry } = await find(request);
    const inspected = await photos.inspect(photo);
    const { width, height, size } = inspected;
    return { width, height, size, findings: await findingsOf(inspected, entry?.file) };
  });
}
