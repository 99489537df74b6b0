import { randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pLimit from 'p-limit';
import { z } from 'zod';
import { encodePhoto } from './encoding.ts';
import { PHOTO_FORMATS } from './file-kind.ts';
import { findingLine, FINDING_CODES, levelOf } from './finding.ts';
import { INSPECTION_VERSION, inspectPhoto, type Inspection } from './inspection.ts';
import { settingsKey, type Variant } from './variants.ts';

/** A photo's file, by what is in it. */
export interface StoredPhoto {
  /** SHA-256 of the bytes, in hexadecimal. */
  hash: string;
  /** Gives the bytes; asked only when they are needed. */
  read: () => Promise<Uint8Array>;
}

/** Files of the store that are open at once: all photos of a library are asked for together. */
const MOST_OPEN = 64;
/** Photos decoded at once: each holds all of its pixels. */
const AT_ONCE = 2;

const SHA256 = /^[0-9a-f]{64}$/u;

/** An inspection as it was written down. */
const writtenInspection: z.ZodType<Inspection> = z.object({
  format: z.enum([...PHOTO_FORMATS, 'unknown']),
  width: z.number(),
  height: z.number(),
  colour: z.string(),
  placeholder: z.string(),
  findings: z.array(
    z.object({
      code: z.enum(FINDING_CODES),
      level: z.enum(['error', 'warning']),
      message: z.string(),
      remedy: z.string(),
    }),
  ),
});

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * What is known of photos and what readers get of them, in a folder, each made once. A photo is known by the hash of
 * its bytes and lies in `<first 2 digits>/<hash>/`: `inspection-<version>.json`, and a folder of variants for each
 * set of settings. Nothing there ever changes: other settings, rules or bytes have other paths. Whatever is deleted is
 * made again. Several processes may use one folder at once.
 */
export class EncodedStore {
  readonly #folder: string;
  readonly #queue = pLimit(AT_ONCE);
  /** Work under way, so that nobody starts it a second time. */
  readonly #reading = pLimit(MOST_OPEN);
  readonly #inspecting = new Map<string, Promise<Inspection>>();
  readonly #encoding = new Map<string, Promise<void>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where a variant lies, or will lie once the photo is encoded. */
  path(hash: string, variant: Variant): string {
    return join(this.#encodedFolder(hash), variant.name);
  }

  /** Whether every variant of a photo is there, by the settings in force. */
  async has(hash: string): Promise<boolean> {
    return exists(this.#encodedFolder(hash));
  }

  /** Looks at a photo, or remembers what was seen. Throws only where `read` does or the folder cannot be written. */
  async inspect(hash: string, read: () => Promise<Uint8Array>): Promise<Inspection> {
    return once(this.#inspecting, hash, async () => {
      const file = join(this.#photoFolder(hash), `inspection-${INSPECTION_VERSION}.json`);
      const known = await this.#reading(async () => readInspection(file));
      if (known) return known;
      const inspection = await this.#queue(async () => inspectPhoto(await read()));
      const unfinished = `${file}.${randomUUID()}`;
      await mkdir(dirname(file), { recursive: true });
      await writeFile(unfinished, JSON.stringify(inspection), { flush: true });
      await rename(unfinished, file);
      return inspection;
    });
  }

  /**
   * Makes every variant of a photo unless they are there: all of them appear at once. Throws where the photo cannot be
   * read, where an error was found in it, and where the folder cannot be written.
   */
  async encode(hash: string, read: () => Promise<Uint8Array>): Promise<void> {
    return once(this.#encoding, hash, async () => {
      if (await this.has(hash)) return;
      const inspection = await this.inspect(hash, read);
      if (levelOf(inspection.findings) === 'error') {
        throw new Error(`照片 ${hash} 不能编码：${inspection.findings.map(findingLine).join('')}`);
      }
      await this.#queue(async () => this.#write(hash, await read(), inspection));
    });
  }

  /**
   * Encodes what is lacking of some photos; tells after each how many are done. Goes on after a failure and throws them
   * all at the end.
   */
  async encodeAll(photos: readonly StoredPhoto[], onProgress: (done: number, total: number) => void): Promise<void> {
    let done = 0;
    const results = await Promise.allSettled(
      photos.map(async ({ hash, read }) => {
        await this.encode(hash, read);
        done += 1;
        onProgress(done, photos.length);
      }),
    );
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [reasonOf(result.reason)] : []));
    if (failures.length > 0) {
      const what = failures.map(({ message }) => message).join('\n');
      throw new AggregateError(failures, `有 ${failures.length} 张照片没有编码成功：\n${what}`);
    }
  }

  #photoFolder(hash: string): string {
    if (!SHA256.test(hash)) throw new TypeError(`Not a SHA-256: ${hash}`);
    return join(this.#folder, hash.slice(0, 2), hash);
  }

  #encodedFolder(hash: string): string {
    return join(this.#photoFolder(hash), settingsKey());
  }

  /** Writes the variants beside their place and then moves them there together. */
  async #write(hash: string, bytes: Uint8Array, inspection: Inspection): Promise<void> {
    const unfinished = `${this.#encodedFolder(hash)}.${randomUUID()}`;
    try {
      await mkdir(unfinished, { recursive: true });
      for await (const { variant, content } of encodePhoto(bytes, inspection)) {
        await writeFile(join(unfinished, variant.name), content, { flush: true });
      }
      await rename(unfinished, this.#encodedFolder(hash));
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true });
      // Another process was first: the variants are there.
      if (!(await this.has(hash))) throw error;
    }
  }
}

/** The store in a folder, which is made when something is first written. */
export function openStore(folder: string): EncodedStore {
  return new EncodedStore(folder);
}

/** Starts work unless the same is under way; both callers get its result. */
async function once<T>(underWay: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const running = underWay.get(key);
  if (running) return running;
  const started = work().finally(() => underWay.delete(key));
  underWay.set(key, started);
  return started;
}

/** What was written down; undefined: nothing, or nothing that can be read. */
async function readInspection(file: string): Promise<Inspection | undefined> {
  try {
    const written = writtenInspection.safeParse(JSON.parse(await readFile(file, 'utf8')));
    return written.success ? written.data : undefined;
  } catch {
    return undefined;
  }
}

function reasonOf(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
