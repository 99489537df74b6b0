import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pLimit from 'p-limit';
import { z } from 'zod';
import { FILE_LIMITS } from '../../photo/rules/file-rule.ts';
import { findingLine, isWaivable, type Finding } from '../../photo/rules/finding.ts';
import type { Inspection } from '../../photo/encode/inspection.ts';
import type { EncodedStore } from '../../photo/store/store.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Repository } from '../storage/repository.ts';
import { hasRole } from '../../model/roles.ts';
import type { Editor } from '../domain/editor.ts';
import type { DiskSpace } from '../storage/disk-space.ts';

/** A photo that was uploaded, by the name the desk gave it. Sizes in bytes and upright pixels. */
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

/** A photo that was looked at; `hash`: SHA-256 of its bytes, hexadecimal. */
export interface InspectedPhoto extends Inspection {
  hash: string;
}

/** Who uploads, and who asks for what was uploaded. */
export type Uploader = Pick<Editor, 'login' | 'role' | 'unit'>;

/** How a photo is taken in. */
export interface UploadTurn {
  /** Answers who uploads once the photo has come, which may take minutes. @throws Refusal where that person may no longer. */
  uploader?: () => Uploader | Promise<Uploader>;
  /** Everything that the rules say of it, where it is meant to go. */
  judge: (photo: InspectedPhoto) => Promise<Finding[]>;
  /** SHA-256 of the photo as it was sent, hexadecimal, where the sender says. */
  sent?: string | undefined;
  /** Takes one too that a reviewer would have to waive, which keeps its draft from review until then. */
  forWaiver: boolean;
  /** How many bytes are about to come, as far as the sender has said; NaN: not at all. */
  bytes: number;
}

/** A photo that was taken in, and what the rules say of it. */
export interface Received {
  upload: Upload;
  findings: readonly Finding[];
}

/** A photo that the rules refuse; the editor sees all that was found. */
export class PhotoRefusal extends Refusal {
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(422, findings.map(findingLine).join('\n'));
    this.findings = findings;
  }
}

/** How many photos are looked at and stored at once; others wait on the disk. */
const MOST_ACCEPTED = 4;
/** A photo is on the disk twice for a while: as it came, and in the repository. */
const COPIES = 2;

const NAME_LENGTH = 20;
const ENDINGS = { jpeg: 'jpg', png: 'png', webp: 'webp', avif: 'avif' } as const;

/** A file that is larger than a photo may be. */
export function tooLarge(): Refusal {
  return new Refusal(413, `照片超过 ${FILE_LIMITS.bytes / 1024 / 1024} MB。请另存为 JPG（质量选高）再上传。`);
}

/** Cuts a stream off where it becomes larger than a photo may be. */
function atMost(bytes: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen <= bytes) return done(undefined, chunk);
      return done(tooLarge());
    },
  });
}

/** A file's SHA-256, hexadecimal, and its length in bytes; it is never whole in memory. */
async function digestOf(file: string): Promise<{ hash: string; size: number }> {
  const digest = createHash('sha256');
  let size = 0;
  for await (const chunk of createReadStream(file)) {
    digest.update(chunk);
    size += chunk.length;
  }
  return { hash: digest.digest('hex'), size };
}

/** Photos on their way into entries: streamed to the disk, judged, stored in the repository once, named by their bytes. */
export class Uploads {
  readonly #repository: Repository;
  readonly #database: DatabaseSync;
  readonly #store: EncodedStore;
  readonly #folder: string;
  readonly #space: DiskSpace;
  readonly #now: () => number;
  readonly #accepting = pLimit(MOST_ACCEPTED);

  /**
   * `folder` is for files on their way; what a kill has left there is removed. `now` answers the time that uploads are
   * noted with, in milliseconds.
   */
  constructor(
    repository: Repository,
    database: DatabaseSync,
    store: EncodedStore,
    folder: string,
    space: DiskSpace,
    now: () => number,
  ) {
    this.#now = now;
    this.#repository = repository;
    this.#database = database;
    this.#store = store;
    this.#folder = folder;
    this.#space = space;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  /** The photo of a name; undefined: none was uploaded. */
  find(src: string): Upload | undefined {
    const found = this.#database
      .prepare('SELECT src, blob, hash, size, width, height, colour FROM uploads WHERE src = ?')
      .get(src);
    return found && upload.parse(found);
  }

  /** The photo of a name, if somebody may use it: who sent it, their unit's colleagues, and reviewers. */
  findFor(src: string, editor: Uploader): Upload | undefined {
    const known = this.find(src);
    if (!known || hasRole(editor, 'reviewer')) return known;
    const own = this.#database
      .prepare('SELECT 1 FROM uploaders WHERE src = ? AND (login = ? OR unit = ?)')
      .get(src, editor.login, editor.unit ?? null);
    return own ? known : undefined;
  }

  /**
   * Takes a photo in; it is never whole in the memory of this process. Throws a PhotoRefusal where the rules refuse it,
   * a Refusal where it is too large or broken off, and, before anything is written, where the disk is too full.
   */
  async receive(stream: Readable, editor: Uploader, admission: UploadTurn): Promise<Received> {
    const bytes = Number.isNaN(admission.bytes) ? FILE_LIMITS.bytes : admission.bytes;
    return this.#space.during(COPIES * bytes, async () =>
      this.#receive(stream, { uploader: () => editor, ...admission }),
    );
  }

  async #receive(stream: Readable, admission: Required<Pick<UploadTurn, 'uploader'>> & UploadTurn): Promise<Received> {
    const file = join(this.#folder, randomUUID());
    try {
      await pipeline(stream, atMost(FILE_LIMITS.bytes), createWriteStream(file));
      return await this.#accepting(async () => this.#accept(file, admission));
    } catch (error) {
      // What refuses the rest of a stream breaks it off as well.
      if (error instanceof Refusal || !stream.readableAborted) throw error;
      throw new Refusal(400, '照片没有传完，没有保存。请再传一次。');
    } finally {
      await rm(file, { force: true });
    }
  }

  async #accept(
    file: string,
    { uploader, judge, sent, forWaiver }: Required<Pick<UploadTurn, 'uploader'>> & UploadTurn,
  ): Promise<Received> {
    // Before it is judged and again before it is stored: both take their time.
    await uploader();
    const { hash, size } = await digestOf(file);
    if (sent !== undefined && sent !== hash) {
      throw new Refusal(400, '传来的照片和您电脑上的不一样（校验不符），没有保存。请再传一次。');
    }
    const inspection = await this.#store.inspect(hash, async () => ({ file, hash }));
    const { format, width, height, colour } = inspection;
    const findings = await judge({ ...inspection, hash });
    const refused = findings.filter((finding) => finding.level === 'error' && !(forWaiver && isWaivable(finding)));
    if (refused.length > 0 || format === 'unknown') throw new PhotoRefusal(findings);
    const editor = await uploader();
    const src = `${hash.slice(0, NAME_LENGTH)}.${ENDINGS[format]}`;
    const known = this.find(src);
    if (known) {
      // Wanted anew, so it is kept as long as one that is new.
      this.#database.prepare('UPDATE uploads SET uploaded = ? WHERE src = ?').run(this.#stamp(), src);
      this.#noteUploader(src, editor);
      return { upload: known, findings };
    }
    const blob = await this.#repository.write(() => createReadStream(file));
    const taken: Upload = { src, blob, hash, size, width, height, colour };
    this.#database
      .prepare('INSERT OR REPLACE INTO uploads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(src, blob, hash, size, width, height, colour, editor.login, this.#stamp());
    this.#noteUploader(src, editor);
    return { upload: taken, findings };
  }

  #stamp(): string {
    return new Date(this.#now()).toISOString();
  }

  #noteUploader(src: string, { login, unit }: Uploader): void {
    this.#database.prepare('INSERT OR REPLACE INTO uploaders VALUES (?, ?, ?)').run(src, login, unit ?? null);
  }
}
