import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { list, type ReadEntry } from 'tar';
import { z } from 'zod';
import { Refusal } from '../domain/refusal.ts';
import { Digest } from '../storage/sha256.ts';

/** The format version that this code writes, and the newest that it can read. */
const FORMAT = 1;
const KIND = 'with-you-backup';
export const MANIFEST = 'manifest.json';
/**
 * The files that follow the manifest in an archive: the database, a list of all refs, and a pack of all git objects.
 */
export const PARTS = ['desk.sqlite', 'packed-refs', 'content.pack'] as const;
export type PartName = (typeof PARTS)[number];

const BLOCK_BYTES = 512;
const END_BYTES = 2 * BLOCK_BYTES;
const MOST_MANIFEST_BYTES = 1024 * 1024;

const part = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/u), bytes: z.int() });
/** SHA-256 of a file in an archive, hexadecimal, and the file's length in bytes. */
type Part = z.infer<typeof part>;

const known = z.object({ kind: z.literal(KIND), format: z.int() });
const manifest = z.object({
  kind: z.literal(KIND),
  format: z.literal(FORMAT),
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

async function textOf(entry: ReadEntry): Promise<string> {
  if (entry.size > MOST_MANIFEST_BYTES) throw damaged(MANIFEST);
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

/**
 * Reads a whole archive and compares the length and SHA-256 of each part with the manifest. Resolves to the manifest.
 * `target` returns the path of the file to which a part is written; without `target` nothing is written. Names in the
 * archive are only compared with the expected names and never used as paths.
 * @throws Refusal 404 if there is no such file; 422 if the file is not an archive of this program, was written by a
 * newer version of this program, is damaged or incomplete, or contains an unexpected file.
 */
export async function readArchive(file: string, target?: (name: PartName) => string): Promise<Manifest> {
  if (!existsSync(file)) throw new Refusal(404, `找不到备份文件 ${file}。`);
  let found: Manifest | undefined;
  const parts = new Map<PartName, Part>();
  const expected: (PartName | typeof MANIFEST)[] = [MANIFEST, ...PARTS];
  const faults: Error[] = [];
  const reading: Promise<void>[] = [];

  async function read(entry: ReadEntry): Promise<void> {
    const next = expected.shift();
    const first = next === MANIFEST;
    if (next === undefined || entry.path !== next || !/^(?:Old)?File$/u.test(entry.type)) {
      throw first
        ? foreign(file)
        : new Refusal(422, '备份文件里有不该有的内容，可能被人改过，没有使用：请换一份备份。');
    }
    if (first) found = readManifest(file, await textOf(entry));
    else parts.set(next, await readPart(entry, target?.(next)));
  }

  try {
    await list({
      file,
      strict: true,
      noResume: true,
      onReadEntry(entry) {
        // Once one entry has failed, all further entries are skipped.
        if (faults.length > 0) return void entry.resume();
        const done = read(entry).catch((error: unknown) => {
          faults.push(error instanceof Error ? error : new Error(String(error)));
          entry.resume();
        });
        reading.push(done);
      },
    });
  } catch {
    throw faults[0] ?? (found ? damaged('读到一半') : foreign(file));
  }
  await Promise.all(reading);
  if (faults[0]) throw faults[0];
  if (!found) throw foreign(file);
  if (!(await isFinished(file))) throw damaged('结尾');
  for (const name of PARTS) {
    const actual = parts.get(name);
    const declared = found.parts[name];
    if (actual?.sha256 !== declared.sha256 || actual.bytes !== declared.bytes) throw damaged(name);
  }
  return found;
}
