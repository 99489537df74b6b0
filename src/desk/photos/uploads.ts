import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pLimit from 'p-limit';
import { z } from 'zod';
import { chineseDate } from '../../text/date.ts';
import { FILE_LIMITS } from '../../photo/rules/file-rule.ts';
import { findingLine, isWaivable, type Finding } from '../../photo/rules/finding.ts';
import type { Inspection } from '../../photo/encode/inspection.ts';
import type { EncodedStore } from '../../photo/store/store.ts';
import { Refusal } from '../domain/refusal.ts';
import type { StoredPhotos } from '../originals/stored-photos.ts';
import type { Repository } from '../storage/repository.ts';
import { hasRole } from '../../model/roles.ts';
import type { Editor } from '../domain/editor.ts';
import { dateInChina } from '../domain/china-time.ts';
import { erasureOf, repeatErasure } from '../erasure/erasure-record.ts';
import { blobOfPointer } from '../originals/pointer.ts';
import { TurnedOriginals, type PhotoOriginal } from '../originals/turned-originals.ts';
import { Digest, type DigestResult } from '../storage/sha256.ts';
import type { DiskSpace } from '../storage/disk-space.ts';

/**
 * An uploaded photo. `src` is the name that the desk gave it, `blob` the id of the pointer to its original, `size` in
 * bytes, width and height in pixels of the upright photo.
 */
const upload = z.object({
  src: z.string(),
  blob: z.string(),
  hash: z.string(),
  size: z.number(),
  width: z.number(),
  height: z.number(),
  colour: z.string(),
});
export type Upload = z.infer<typeof upload>;

/** The inspection of a photo, with the SHA-256 of its bytes, hexadecimal. */
export interface InspectedPhoto extends Inspection {
  hash: string;
}

/** The editor who uploads a photo or wants to use an uploaded one. */
export type Uploader = Pick<Editor, 'login' | 'role' | 'unit'>;

/** Options for receiving a photo. */
export interface UploadOptions {
  /**
   * Returns the editor, with the permissions of this moment. This function is called when the photo has arrived: an
   * upload may take minutes, in which permissions can change. Default: the editor who started the upload.
   * @throws Refusal if the editor may no longer upload.
   */
  uploader?: () => Uploader | Promise<Uploader>;
  /** Resolves to all findings of the rules about the photo, for the place where it is to be used. */
  judge: (photo: InspectedPhoto) => Promise<Finding[]>;
  /** SHA-256 of the photo as the sender computed it, hexadecimal. */
  sent?: string | undefined;
  /**
   * Whether to accept a photo with errors that a reviewer can waive. The draft cannot be sent to review until they are
   * waived.
   */
  forWaiver: boolean;
  /** Number of bytes that the sender has announced (Content-Length), or NaN if it is not announced. */
  bytes: number;
  /** The photo from which this one is made by turning; undefined if this photo is not made of another one. */
  turnedFrom?: PhotoOriginal | undefined;
}

/** An accepted photo and the findings about it. */
export interface Received {
  upload: Upload;
  findings: readonly Finding[];
}

/** The refusal of a photo that breaks the rules, with all findings about it. */
export class PhotoRefusal extends Refusal {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(422, findings.map(findingLine).join('\n'));
    this.findings = findings;
  }
}

/** Number of photos that are inspected and stored at the same time. Further photos wait as files on the disk. */
const MOST_ACCEPTED = 4;
const NAME_LENGTH = 20;
const ENDINGS = { jpeg: 'jpg', png: 'png', webp: 'webp', avif: 'avif' } as const;

/** Returns the refusal (413) of a file that is larger than a photo may be. */
export function tooLarge(): Refusal {
  return new Refusal(413, `照片超过 ${FILE_LIMITS.bytes / 1024 / 1024} MB。请另存为 JPG（质量选高）再上传。`);
}

/**
 * Returns a stream that passes bytes through and adds them to a digest. It fails with Refusal 413 if there are more
 * bytes than a photo may have.
 */
function digesting(digest: Digest): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.add(chunk);
      if (digest.bytes <= FILE_LIMITS.bytes) return done(undefined, chunk);
      return done(tooLarge());
    },
  });
}

/**
 * Receives photos. Each photo is streamed to the disk, judged, and stored once as an original, with its pointer in the
 * repository. The name of a photo is the start of its hash.
 */
export class Uploads {
  readonly #repository: Repository;
  readonly #photos: StoredPhotos;
  readonly #database: DatabaseSync;
  readonly #store: EncodedStore;
  readonly #folder: string;
  readonly #space: DiskSpace;
  readonly #now: () => number;
  readonly #accepting = pLimit(MOST_ACCEPTED);
  readonly #turned: TurnedOriginals;

  /**
   * @param folder contains the files of running uploads. Files that are left there by a killed process are removed.
   * @param now returns the time of an upload, in milliseconds since 1970.
   */
  constructor(
    repository: Repository,
    photos: StoredPhotos,
    database: DatabaseSync,
    store: EncodedStore,
    folder: string,
    space: DiskSpace,
    now: () => number,
  ) {
    this.#now = now;
    this.#turned = new TurnedOriginals(database);
    this.#repository = repository;
    this.#photos = photos;
    this.#database = database;
    this.#store = store;
    this.#folder = folder;
    this.#space = space;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  /** Returns the uploaded photo with a name, or undefined if there is none. */
  find(src: string): Upload | undefined {
    const found = this.#database
      .prepare('SELECT src, blob, hash, size, width, height, colour FROM uploads WHERE src = ?')
      .get(src);
    return found && upload.parse(found);
  }

  /**
   * Returns the uploaded photo with a name. Returns undefined if there is no such photo, or if the editor may not use
   * it. The photo may be used by people who uploaded it, by people of the same units, and by reviewers.
   */
  findFor(src: string, editor: Uploader): Upload | undefined {
    const known = this.find(src);
    if (!known || hasRole(editor, 'reviewer')) return known;
    const own = this.#database
      .prepare('SELECT 1 FROM uploaders WHERE src = ? AND (login = ? OR unit = ?)')
      .get(src, editor.login, editor.unit ?? null);
    return own ? known : undefined;
  }

  /**
   * Resolves to the same as `findFor`, for a use of the photo. After a restore of older data the repository may lack the
   * pointer: then it is written again. If the original is missing, the upload is deleted.
   * @throws Refusal 503 if the place of the originals does not work.
   */
  async usableFor(src: string, editor: Uploader): Promise<Upload | undefined> {
    const known = this.findFor(src, editor);
    if (!known || (await this.#repository.has(known.blob))) return known;
    if (await this.#photos.has(known)) {
      const blob = await this.#photos.storePointer(known);
      this.#database.prepare('UPDATE uploads SET blob = ? WHERE src = ?').run(blob, src);
      return { ...known, blob };
    }
    this.#database.prepare('DELETE FROM uploads WHERE src = ? AND blob = ?').run(src, known.blob);
    return undefined;
  }

  /**
   * Receives a photo. It is hashed while it is written to the disk, and never as a whole in the memory of this process.
   * @throws PhotoRefusal 422 if the photo breaks the rules; Refusal 422 if it, or the photo from which it is turned, was
   * erased; 413 if it is too large; 400 if the connection broke or the hash differs from the sender's; 507, before
   * anything is written, if the disk is too full.
   */
  async receive(stream: Readable, editor: Uploader, admission: UploadOptions): Promise<Received> {
    const bytes = Number.isNaN(admission.bytes) ? FILE_LIMITS.bytes : admission.bytes;
    return this.#space.during(bytes, async () => this.#receive(stream, { uploader: () => editor, ...admission }));
  }

  async #receive(
    stream: Readable,
    admission: Required<Pick<UploadOptions, 'uploader'>> & UploadOptions,
  ): Promise<Received> {
    const file = join(this.#folder, randomUUID());
    try {
      const digest = new Digest();
      await pipeline(stream, digesting(digest), createWriteStream(file));
      return await this.#accepting(async () => this.#accept(file, digest.end(), admission));
    } catch (error) {
      // If the rest of a stream is refused, the stream is aborted too, so a refusal has to be recognised first.
      if (error instanceof Refusal || !stream.readableAborted) throw error;
      throw new Refusal(400, '照片没有传完，没有保存。请再传一次。');
    } finally {
      await rm(file, { force: true });
    }
  }

  async #accept(
    file: string,
    { sha256: hash, bytes: size }: DigestResult,
    { uploader, judge, sent, forWaiver, turnedFrom }: Required<Pick<UploadOptions, 'uploader'>> & UploadOptions,
  ): Promise<Received> {
    // Permission is checked before the photo is judged and again before it is stored, because both take time.
    await uploader();
    if (sent !== undefined && sent !== hash) {
      throw new Refusal(400, '传来的照片和您电脑上的不一样（校验不符），没有保存。请再传一次。');
    }
    const not = turnedFrom ? '转' : '上传';
    this.requireNotErased(hash, not);
    const inspection = await this.#store.inspect(hash, async () => ({ file, hash }));
    const { format, width, height, colour } = inspection;
    const findings = await judge({ ...inspection, hash });
    const refused = findings.filter((finding) => finding.level === 'error' && !(forWaiver && isWaivable(finding)));
    if (refused.length > 0 || format === 'unknown') throw new PhotoRefusal(findings);
    const editor = await uploader();
    const src = `${hash.slice(0, NAME_LENGTH)}.${ENDINGS[format]}`;
    const known = this.find(src);
    // The photo may have been erased while it was judged.
    this.requireNotErased(hash, not);
    if (turnedFrom) {
      this.requireNotErased(turnedFrom.hash, not);
      // Noted before it is stored: an erasure that begins from now on includes the turned photo.
      this.#turned.note({ hash, blob: blobOfPointer({ hash, size }) }, turnedFrom);
    }
    // An original that was uploaded again because it is lost or damaged is replaced.
    const how = { move: true, hashed: true, again: known !== undefined };
    const blob = await this.#photos.store(file, { hash, size }, how);
    if (erasureOf(this.#database, hash)) repeatErasure(this.#database, hash);
    this.requireNotErased(hash, not);
    const taken: Upload = { ...(known ?? { src, hash, size, width, height, colour }), blob };
    if (known) {
      // A photo that is uploaded again is kept as long as a new one.
      this.#database.prepare('UPDATE uploads SET blob = ?, uploaded = ? WHERE src = ?').run(blob, this.#stamp(), src);
      this.#noteUploader(src, editor);
      return { upload: taken, findings };
    }
    this.#database
      .prepare('INSERT OR REPLACE INTO uploads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(src, blob, hash, size, width, height, colour, editor.login, this.#stamp());
    this.#noteUploader(src, editor);
    return { upload: taken, findings };
  }

  /**
   * Checks that the photo with a hash is not erased.
   * @param not Chinese verb for the action that is refused.
   * @throws Refusal 422 if the photo is erased.
   */
  requireNotErased(hash: string, not: string): void {
    const erased = erasureOf(this.#database, hash);
    if (!erased) return;
    const when = chineseDate(dateInChina(erased.at));
    throw new Refusal(422, `这张照片已在${when}彻底删除（${erased.why}），不能再用，没有${not}。请换一张照片。`);
  }

  #stamp(): string {
    return new Date(this.#now()).toISOString();
  }

  #noteUploader(src: string, { login, unit }: Uploader): void {
    this.#database.prepare('INSERT OR REPLACE INTO uploaders VALUES (?, ?, ?)').run(src, login, unit ?? null);
  }
}
