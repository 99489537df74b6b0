import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { list, type ReadEntry } from 'tar';
import { z } from 'zod';
import { Refusal } from '../domain/refusal.ts';
import type { OriginalName } from '../originals/pointer.ts';
import { Digest } from '../storage/sha256.ts';
import { archivedPath, LISTED, type ArchivedOriginals } from './tar-archive.ts';

/**
 * The format version that this code writes, and the newest that it can read. Format 1 has no originals: photos are
 * objects of its pack.
 */
const FORMAT = 2;
const KIND = 'with-you-backup';
export const MANIFEST = 'manifest.json';
/**
 * The files that follow the manifest in an archive: the database, a list of all refs, and a pack of all git objects.
 * From format 2 on the originals follow, and the list of them (tar-archive.ts).
 */
export const PARTS = ['desk.sqlite', 'packed-refs', 'content.pack'] as const;
type PartName = (typeof PARTS)[number];

const BLOCK_BYTES = 512;
const END_BYTES = 2 * BLOCK_BYTES;
/** Longest manifest and longest list of originals, in bytes; an original takes about 100 bytes of the list. */
const MOST_MANIFEST_BYTES = 1024 * 1024;
const MOST_LIST_BYTES = 256 * 1024 * 1024;

const ORIGINAL = /^originals\/([0-9a-f]{2})\/([0-9a-f]{64})$/u;

const part = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/u), bytes: z.int() });
/** SHA-256 of a file in an archive, hexadecimal, and the file's length in bytes. */
type Part = z.infer<typeof part>;

const known = z.object({ kind: z.literal(KIND), format: z.int() });
const manifest = z.object({
  kind: z.literal(KIND),
  format: z.union([z.literal(1), z.literal(FORMAT)]),
  /** Time of the backup, ISO 8601. */
  made: z.iso.datetime(),
  /** Version of the content model that the entries of main are written in. */
  model: z.int(),
  counts: z.object({
    /** Number of published entries. */
    entries: z.int(),
    drafts: z.int(),
    refs: z.int(),
    uploads: z.int(),
    objects: z.int(),
  }),
  parts: z.object({ 'desk.sqlite': part, 'packed-refs': part, 'content.pack': part }),
});
/** The first file of an archive: says when the backup was made, and what and how much it contains. */
export type Manifest = z.infer<typeof manifest>;

const originalName = z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/u), size: z.int() });
const originalsList = z.object({ good: z.array(originalName), lost: z.array(originalName) });

/** What an archive contains. */
export interface ArchiveContent {
  manifest: Manifest;
  originals: ArchivedOriginals;
}

/** Where `readArchive` writes what it reads. */
interface ArchiveTarget {
  /** Returns the path of the file to which a part is written, or undefined if it is not to be written. */
  part(name: PartName): string | undefined;
  /** Returns the path of the file to which an original is written, or undefined if it is not to be written. */
  original(hash: string): string | undefined;
  /** Receives an original whose file is complete and has the bytes of its name. */
  onOriginal(name: OriginalName, file: string): Promise<void>;
}

/** Returns the manifest of a backup. `made` is the time of the backup, `model` the version of the content model. */
export function newManifest(made: Date, model: number, counts: Manifest['counts'], parts: Manifest['parts']): Manifest {
  return { kind: KIND, format: FORMAT, made: made.toISOString(), model, counts, parts };
}

/** Returns the refusal (422) of a damaged or incomplete archive. `what` names the damaged part. */
function damaged(what: string): Refusal {
  return new Refusal(422, `备份文件损坏或不完整（${what}），不能用：请换一份备份。`);
}

/** Returns the refusal (422) of a file that is not an archive of this program. */
function foreign(file: string): Refusal {
  return new Refusal(422, `${file} 不是本软件的备份，不能用：请检查文件名。`);
}

/**
 * Parses the manifest of an archive.
 * @throws Refusal 422 if another program wrote the manifest, if a newer version of this program wrote it, or if it is
 * invalid.
 */
function readManifest(file: string, text: string): Manifest {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw damaged(MANIFEST);
  }
  const head = known.safeParse(content);
  if (!head.success) throw foreign(file);
  if (head.data.format > FORMAT) {
    throw new Refusal(422, `这份备份是由更新版本的软件做的（格式 ${head.data.format}），这里读不懂：请先升级软件。`);
  }
  const whole = manifest.safeParse(content);
  if (!whole.success) throw damaged(MANIFEST);
  return whole.data;
}

async function textOf(entry: ReadEntry, most = MOST_MANIFEST_BYTES): Promise<string> {
  if (entry.size > most) throw damaged(entry.path);
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/**
 * Reads one file of an archive to its end. If `target` is given, writes the bytes to the file at this path. Resolves to
 * the hash and the length of the bytes.
 */
async function readPart(entry: ReadEntry, target: string | undefined): Promise<Part> {
  const digest = new Digest();
  const measured = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of entry) {
      digest.add(chunk);
      yield chunk;
    }
  };
  if (target === undefined) for await (const chunk of measured()) void chunk;
  else await pipeline(measured, createWriteStream(target, { flags: 'wx', flush: true }));
  return digest.end();
}

/**
 * Resolves to whether a file ends with two blocks of zeros, as a complete tar archive does (pax(1), ustar interchange
 * format).
 */
async function isFinished(file: string): Promise<boolean> {
  const { size } = await stat(file);
  if (size < END_BYTES || size % BLOCK_BYTES !== 0) return false;
  const end = createReadStream(file, { start: size - END_BYTES });
  for await (const chunk of end) if (Buffer.isBuffer(chunk) && chunk.some((byte) => byte !== 0)) return false;
  return true;
}

/** Parses the list of originals of an archive. @throws Refusal 422 if it is invalid. */
function readList(text: string): ArchivedOriginals {
  try {
    return originalsList.parse(JSON.parse(text));
  } catch {
    throw damaged(LISTED);
  }
}

/** Reads the entries of an archive one after another, and keeps what they say. */
class ArchiveReading {
  manifest: Manifest | undefined;
  readonly parts = new Map<PartName, Part>();
  /** The size of each original that has the bytes of its name, by SHA-256. */
  readonly #originals = new Map<string, number>();
  #list: ArchivedOriginals | undefined;
  readonly #file: string;
  readonly #target: ArchiveTarget | undefined;
  readonly #expected: (PartName | typeof MANIFEST)[] = [MANIFEST, ...PARTS];

  constructor(file: string, target: ArchiveTarget | undefined) {
    this.#file = file;
    this.#target = target;
  }

  /** Reads an entry to its end. @throws Refusal 422 if the entry should not be there. */
  async read(entry: ReadEntry): Promise<void> {
    const next = this.#expected.shift();
    const plain = /^(?:Old)?File$/u.test(entry.type);
    if (next === MANIFEST) {
      if (!plain || entry.path !== MANIFEST) throw foreign(this.#file);
      this.manifest = readManifest(this.#file, await textOf(entry));
    } else if (next !== undefined) {
      if (!plain || entry.path !== next) throw this.#unexpected();
      this.parts.set(next, await readPart(entry, this.#target?.part(next)));
    } else if (!plain || this.manifest?.format !== FORMAT || this.#list) throw this.#unexpected();
    else if (entry.path === LISTED) this.#list = readList(await textOf(entry, MOST_LIST_BYTES));
    else await this.#readOriginal(entry);
  }

  /**
   * Returns the originals of the archive. @throws Refusal 422 if one that the list names is missing or damaged, or if
   * there is no list.
   */
  originals(): ArchivedOriginals {
    if (this.manifest?.format === 1) return { good: [], lost: [] };
    if (!this.#list) throw damaged(LISTED);
    for (const { hash, size } of this.#list.good) {
      if (this.#originals.get(hash) !== size) throw damaged(archivedPath(hash));
    }
    return this.#list;
  }

  async #readOriginal(entry: ReadEntry): Promise<void> {
    const [, prefix, hash = ''] = ORIGINAL.exec(entry.path) ?? [];
    if (prefix !== hash.slice(0, 2)) throw this.#unexpected();
    const file = this.#target?.original(hash);
    const { sha256, bytes: size } = await readPart(entry, file);
    if (sha256 !== hash) {
      if (file !== undefined) await rm(file, { force: true });
      return;
    }
    this.#originals.set(hash, size);
    if (file !== undefined) await this.#target?.onOriginal({ hash, size }, file);
  }

  #unexpected(): Refusal {
    return new Refusal(422, '备份文件里有不该有的内容，可能被人改过，没有使用：请换一份备份。');
  }
}

/**
 * Reads a whole archive, compares the length and SHA-256 of each part with the manifest, and compares each original with
 * its name and its size in the archive's list. Resolves to the contents. Without `target` nothing is written. Names in
 * the archive are only compared with the expected names and never used as paths.
 * @throws Refusal 404 if there is no such file; 422 if the file is not an archive of this program, was written by a
 * newer version of this program, is damaged or incomplete, or contains an unexpected file.
 */
export async function readArchive(file: string, target?: ArchiveTarget): Promise<ArchiveContent> {
  if (!existsSync(file)) throw new Refusal(404, `找不到备份文件 ${file}。`);
  const content = new ArchiveReading(file, target);
  const faults: Error[] = [];
  let reading: Promise<void> = Promise.resolve();
  try {
    await list({
      file,
      strict: true,
      noResume: true,
      onReadEntry(entry) {
        // Once one entry has failed, all further entries are skipped.
        reading = reading.then(async () => {
          if (faults.length > 0) return void entry.resume();
          await content.read(entry).catch((error: unknown) => {
            faults.push(error instanceof Error ? error : new Error(String(error)));
            entry.resume();
          });
        });
      },
    });
  } catch {
    throw faults[0] ?? (content.manifest ? damaged('读到一半') : foreign(file));
  }
  await reading;
  if (faults[0]) throw faults[0];
  const { manifest: found, parts } = content;
  if (!found) throw foreign(file);
  if (!(await isFinished(file))) throw damaged('结尾');
  for (const part of PARTS) {
    const actual = parts.get(part);
    const declared = found.parts[part];
    if (actual?.sha256 !== declared.sha256 || actual.bytes !== declared.bytes) throw damaged(part);
  }
  return { manifest: found, originals: content.originals() };
}
